/**
 * The composition root: builds engine, players and surface, and joins them. What the page's address may
 * ask for stands in page-address.ts.
 */
import { milliseconds, seconds } from "#base/brand.ts";
import { remarkOf } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import { groovesOf, metresOf, temposOf } from "#engine/compose/piece-time.ts";
import { Banks } from "#engine/jam/banks.ts";
import { parseMachine } from "#engine/jam/machine.ts";
import { keptPortSettings, PortSettingsBoard } from "#engine/jam/port-settings.ts";
import { Session } from "#engine/jam/session.ts";
import { RecordedSource } from "#engine/journal/recorded-source.ts";
import { Playback } from "#engine/play/playback.ts";
import { Studio } from "#engine/studio/studio.ts";
import { GrooveMap } from "#music/groove-map.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { Microphone } from "#players/microphone.ts";
import { MidiAccess } from "#players/midi/midi-access.ts";
import { MidiPlayer } from "#players/midi/midi-player.ts";
import { RoutingPlayer } from "#players/routing-player.ts";
import { TabStage } from "#players/tab-stage.ts";
import { Cue } from "#players/voices/cue.ts";
import { loadSamples } from "#players/voices/sample-loading.ts";
import { StripBoard } from "#players/voices/strip-board.ts";
import { TonePlayer } from "#players/voices/tone-player.ts";
import { parseKit } from "#sound/kit.ts";
import { keptValues, textList } from "#store/kept-value.ts";
import { ServerApi } from "./api/server-api.ts";
import { joinClocks, sourceName } from "./clocks.ts";
import { joinHardware } from "./hardware.ts";
import { keepJournal } from "./journal-keeping.ts";
import { keepWork } from "./keeping.ts";
import { askedFor, firstControls } from "./page-address.ts";
import { openClient, TFJS_BINARIES, ticker } from "./page-workers.ts";
import { openScenes } from "./scenes.ts";
import { linkCopier, receiveLink } from "./sharing.ts";
import { CadenzaApp } from "./ui/app/cadenza-app.ts";
import type { MachinesLike } from "./ui/surface-model.ts";
import { say } from "./ui/wording/say.ts";

const KIT = "general";
const TICK = milliseconds(25);

const address = new URL(location.href);
const api = new ServerApi(address);

async function loadRequest() {
  const { model, backend } = askedFor(address);
  return {
    modelUrl: api.url(`/models/${encodeURIComponent(model ?? (await api.defaultModel()))}/`),
    wasmPaths: TFJS_BINARIES,
    backend,
  };
}

async function start(app: CadenzaApp): Promise<void> {
  const kit = parseKit(await api.text(`/presets/kits/${KIT}/kit.json`));
  const fetchBytes = (file: string) => api.bytes(`/presets/kits/${KIT}/${file}`);
  const voices = new TonePlayer(kit, fetchBytes);
  const cue = new Cue({
    open: (sink) => new TonePlayer(kit, fetchBytes, sink),
    devices: "setSinkId" in AudioContext.prototype ? navigator.mediaDevices : undefined,
  });
  const microphone = new Microphone({
    context: voices.context,
    devices: navigator.mediaDevices as MediaDevices | undefined,
    isSecureContext,
  });
  const midi = new MidiAccess();
  /** What was said of each port that went away. */
  const lostPorts = new Map<string, Remark>();
  const client = openClient();
  const source = new RecordedSource(client);
  const routing = new RoutingPlayer(
    voices,
    (port) =>
      new MidiPlayer({
        port,
        find: () => midi.output(port),
        clock: voices.clock,
        latency: () => portSettings.of(port).latency,
        onFailure: ({ remark }) => {
          lostPorts.set(port, remark);
          session.addRemark(remark);
        },
      }),
  );
  /** Whether something that was kept waits for MIDI. */
  const wantsMidi = () =>
    clocks.source.state.source !== undefined ||
    session.state.strips.some(({ route }) => route.kind === "midi");
  const stage = new TabStage(
    navigator.locks as LockManager | undefined,
    () => {
      session.stop();
      studio.stopListening();
      session.addRemark(remark("stage-taken", {}));
    },
    () => performance.now(),
  );
  let entering = false;
  /** Sound, and no other tab's; both at once, while the gesture counts. */
  const enterStage = async () => {
    for (const code of ["stage-taken", "plays-elsewhere"] as const) {
      session.dropRemark(remark(code, {}));
    }
    entering = true;
    // Here somebody asked for it, where routes wait for MIDI that was never allowed.
    if (wantsMidi()) void midi.request();
    try {
      await Promise.all([voices.unlock(), stage.enter()]);
    } finally {
      entering = false;
    }
  };
  const leaveStage = () => {
    const { phase } = session.state;
    const sounds = phase === "playing" || phase === "gathering";
    if (!sounds && !entering && studio.state.listening === undefined) stage.leave();
  };
  const session = new Session({
    source,
    futures: client,
    player: routing,
    clicks: voices.clicks,
    clock: () => voices.now,
    steadyClock: () => seconds(performance.now() / 1000),
    unlock: enterStage,
    level: (instrument: Instrument) =>
      Math.max(voices.level(instrument), routing.portLevel(instrument)),
    controls: firstControls(address),
  });
  const kept = keptValues({ tell: (why) => session.addRemark(why) });
  const keptPorts = kept("ports", keptPortSettings);
  const portSettings = new PortSettingsBoard(keptPorts.read());
  portSettings.changed.on((table) => keptPorts.write(table));
  const clocks = joinClocks({
    ...{ session, midi, portSettings },
    clock: voices.clock,
    kept: kept("clock-source", sourceName),
  });
  midi.moved.on((port) => routing.refresh(port));
  midi.changed.on(({ outputs }) => {
    for (const { name } of outputs) {
      const told = lostPorts.get(name);
      if (told !== undefined) session.dropRemark(told);
    }
  });
  let silence: Remark | undefined;
  voices.watch.watch({ gestures: window, page: document }, (why) => {
    if (silence !== undefined) session.dropRemark(silence);
    if (why !== undefined) session.addRemark(why);
    silence = why;
  });
  const board = new StripBoard(voices.band, routing, [...INSTRUMENTS.keys()]);
  board.apply(session.state.strips);
  let playback: Playback | undefined;
  /** A thread with the model, for whole pieces. */
  const openPieces = async () => {
    const pieces = openClient();
    pieces.recovered.on(({ remark }) => session.addRemark(remark));
    try {
      await pieces.load(await loadRequest());
    } catch (error) {
      pieces.dispose();
      throw error;
    }
    return pieces;
  };
  const studio = new Studio({
    source: openPieces,
    listen: (track, ended) => {
      session.stop();
      enterStage().catch((error: unknown) => {
        studio.stopListening();
        session.addRemark(remarkOf(error));
      });
      const listening = new Playback(
        new GrooveMap(groovesOf(track.request)).playedAll(track.notes, metresOf(track.request)),
        temposOf(track.request),
        voices,
        voices.now,
        ended,
      );
      playback = listening;
      return {
        stop: () => listening.stop(voices.now),
        step: () => listening.stepAt(voices.now),
      };
    },
    render: (bytes, format, onProgress) => api.render(bytes, format, onProgress),
  });
  session.changed.on((state) => {
    board.apply(state.strips);
    if (state.phase === "gathering") studio.stopListening();
    leaveStage();
  });
  studio.changed.on(leaveStage);
  ticker(() => {
    clocks.pump();
    session.tick(voices.now);
    hardware.tick(voices.now);
    playback?.tick(voices.now);
    cue.tick();
    routing.pump();
  }, TICK);
  // Nothing sounds on, on any port, once the page is gone or is put to sleep.
  const leave = () => {
    session.stop();
    studio.stopListening();
    cue.stop();
    hardware.releaseAll();
    routing.silence();
    clocks.stop();
  };
  const panic = () => {
    leave();
    routing.panic();
  };
  addEventListener("pagehide", leave);
  document.addEventListener("freeze", leave);
  const banks = new Banks();
  const machines: MachinesLike = {
    names: async () => JSON.parse(await api.text("/api/presets")).machines,
    machine: async (id) => parseMachine(JSON.parse(await api.text(`/presets/machines/${id}.json`))),
  };
  const hardware = joinHardware({
    ...{ session, midi, routing, voices, banks, portSettings, kept, panic },
    ...{ clock: voices.clock, unlock: enterStage, microphone, machines },
  });
  addEventListener("pagehide", hardware.leave);
  Object.assign(app, {
    session,
    studio,
    banks,
    midi,
    portSettings,
    machines,
    clockSource: clocks.source,
    hardware: hardware.surface,
    panic,
    cue,
    sharing: linkCopier({ session, source }),
    putAway: kept("put-away", textList),
  });

  const keeping = keepWork({ session, studio, banks, kept });
  openScenes(api)
    .then((scenes) => {
      app.scenes = scenes;
      hardware.addScenes(scenes.names, (id) => {
        scenes
          .performance(id, session.performance)
          .then((performance) => session.bringBack(performance))
          .catch((error: unknown) => session.addRemark(remarkOf(error)));
      });
    })
    .catch((error: unknown) => session.addRemark(remarkOf(error)));
  void midi.requestIfAllowed();
  client.progressed.on(({ loadedBytes, totalBytes }) =>
    session.showLoading(loadedBytes, totalBytes),
  );
  client.recovered.on(({ backend, remark }) => session.modelMoved(backend, remark));
  const samples = loadSamples({
    load: (instrument) => voices.load(instrument),
    lead: () => session.state.controls.lead,
    tell: (now, before) => {
      if (before !== undefined) session.dropRemark(before);
      session.addRemark(now);
    },
  });
  try {
    const model = await client.load(await loadRequest());
    for (const told of model.remarks) session.addRemark(told);
    session.modelLoaded(model, model.backend);
  } catch (error) {
    session.fail(remarkOf(error));
  }
  const journal = keeping.then((whenKept) =>
    keepJournal({
      whenKept,
      session,
      studio,
      source,
      every: (run, interval) => ticker(run, milliseconds(interval)),
    }),
  );
  const link = journal.then(() => receiveLink({ session, studio, open: openPieces }));
  await Promise.all([samples, link]);
}

const app = document.querySelector("cadenza-app") ?? document.body.appendChild(new CadenzaApp());
start(app).catch((error: unknown) => {
  app.failure = say(remarkOf(error));
});
