/**
 * Joins the finding of a port's latency to the jam: the music stops, clicks sound on the page's voice and then on the port
 * that an instrument plays on, and what the port is sent sooner already is reckoned with.
 */
import { seconds } from "#base/brand.ts";
import { remarkOf } from "#base/failure.ts";
import { Calibration } from "#engine/hardware/calibration.ts";
import type { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import type { Session } from "#engine/jam/session.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import type { AudioClock } from "#players/audio-clock.ts";
import type { RoutingPlayer } from "#players/routing-player.ts";
import type { TonePlayer } from "#players/voices/tone-player.ts";
import type { CalibrationLike } from "./ui/surface-model.ts";

/** What is joined. */
export interface CalibratingParts {
  readonly session: Pick<Session, "state" | "stop" | "addRemark">;
  readonly routing: Pick<RoutingPlayer, "playOnPort">;
  readonly voices: Pick<TonePlayer, "play">;
  readonly clock: AudioClock;
  readonly portSettings: PortSettingsBoard;
  /** Makes the sound possible; called inside the user's gesture. */
  readonly unlock: () => Promise<void>;
}

/** Seconds that a click lasts, and its velocity. */
const CLICK = { length: seconds(0.06), velocity: 110 } as const;
/** Pitches of clicks: a side stick for drums. */
const CLICK_PITCH = { melodic: 72, drums: 37 } as const;

/** Milliseconds by which the port of an instrument is sent its messages sooner already. */
export function latencyOf(
  { session, portSettings }: Pick<CalibratingParts, "session" | "portSettings">,
  instrument: Instrument,
): number {
  const { route } = session.state.strips[instrument];
  return route.kind === "midi" ? portSettings.of(route.port).latency : 0;
}

/** Joins them: the calibration, whose `tick` must be called about every 25 ms, and what the screen sees of it. */
export function joinCalibration(parts: CalibratingParts) {
  const { session, routing, voices, clock, unlock } = parts;
  let instrument: Instrument = 0;
  const calibration = new Calibration({
    click: (place, start) => {
      const pitch = instrument === DRUMS ? CLICK_PITCH.drums : CLICK_PITCH.melodic;
      const note = { instrument, pitch, start, ...CLICK };
      if (place === "voice") voices.play(note);
      else routing.playOnPort(note);
    },
    toMilliseconds: (at) => clock.toMilliseconds(at),
    latency: () => latencyOf(parts, instrument),
  });
  const surface: CalibrationLike = {
    get state() {
      return calibration.state;
    },
    changed: calibration.changed,
    start: (chosen) => {
      instrument = chosen;
      session.stop();
      unlock().then(
        () => calibration.start(clock.now),
        (error: unknown) => session.addRemark(remarkOf(error)),
      );
    },
    stop: () => calibration.stop(),
    tap: (time) => calibration.tap(time),
  };
  return { calibration, surface };
}
