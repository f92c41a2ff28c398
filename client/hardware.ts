/**
 * Joins hardware to the jam: keyboards play in it, what controllers learned moves it, they show where things stand, a port's
 * latency is found by tapping or listening, and strips move controllers of their machines. Settings and mappings outlive the page.
 */
import type { Seconds } from "#base/brand.ts";
import { remarkOf } from "#base/failure.ts";
import { ControlNames, type MachineShelf } from "#engine/hardware/control-names.ts";
import { ControlReader } from "#engine/hardware/control-reader.ts";
import { Feedback, LIGHTS } from "#engine/hardware/feedback.ts";
import { KeyboardBoard, keptKeyboards } from "#engine/hardware/keyboard-settings.ts";
import { Keyboards } from "#engine/hardware/keyboards.ts";
import { isLaunchpad, outputOf, programmerMode } from "#engine/hardware/launchpad.ts";
import { Learning } from "#engine/hardware/learning.ts";
import { MappingBoard } from "#engine/hardware/mapping.ts";
import { keptMappings } from "#engine/hardware/mapping-file.ts";
import { Remote } from "#engine/hardware/remote.ts";
import { driveStrips } from "#engine/hardware/strip-drives.ts";
import { type TargetParts, targetsOf } from "#engine/hardware/targets.ts";
import type { Session } from "#engine/jam/session.ts";
import { instrumentByName } from "#music/instrument.ts";
import { type HeardFrom, InputListener } from "#players/midi/input-listener.ts";
import type { MidiAccess } from "#players/midi/midi-access.ts";
import { SysexAccess } from "#players/midi/sysex-access.ts";
import type { RoutingPlayer } from "#players/routing-player.ts";
import type { KeptValue } from "#store/kept-value.ts";
import { joinCalibration } from "./calibrating.ts";
import { joinListening, type ListeningJoined } from "./listening.ts";
import type { HardwareLike } from "./ui/surface-model.ts";

/** What is joined. */
export interface HardwareParts extends ListeningJoined, Pick<TargetParts, "banks" | "panic"> {
  readonly session: Session;
  readonly midi: MidiAccess;
  readonly routing: RoutingPlayer;
  /** Machines of their makers' manuals: they know what their controls are called. */
  readonly machines: MachineShelf;
  /** Makes a value that outlives the page. */
  readonly kept: <T>(
    name: string,
    parse: (value: unknown) => T | undefined,
  ) => Pick<KeptValue<T>, "read" | "write">;
}

/** Joins them. `tick` must be called about every 25 ms; `releaseAll` as all sound ends, `leave` as the page goes. */
export function joinHardware(parts: HardwareParts) {
  const { session, midi, routing, kept } = parts;
  const keptBoard = kept("keyboards", keptKeyboards);
  const keyboardSettings = new KeyboardBoard(keptBoard.read());
  keyboardSettings.changed.on((table) => keptBoard.write(table));
  const keptList = kept("mappings", keptMappings);
  const mappings = new MappingBoard(keptList.read());
  mappings.changed.on((list) => keptList.write(list));

  const keyboards = new Keyboards({
    keys: session.keys,
    touches: routing,
    settings: keyboardSettings,
    instrument: () => instrumentByName(session.state.controls.hand),
  });
  let scenes: { names: ReturnType<TargetParts["scenes"]>; play: (id: string) => void } = {
    names: [],
    play: () => undefined,
  };
  const targetParts: TargetParts = {
    ...parts,
    scenes: () => scenes.names,
    playScene: (id) => scenes.play(id),
    refused: (error) => session.addRemark(remarkOf(error)),
  };
  const targets = targetsOf(targetParts);
  const learning = new Learning(mappings);
  const remote = new Remote(mappings, targets);
  const lightsOf = (device: string) => (isLaunchpad(device) ? LIGHTS.launchpad : LIGHTS.plain);
  const feedback = new Feedback(mappings, targets, lightsOf);
  const controlNames = new ControlNames(parts.machines);
  const nameControls = () => {
    for (const { device } of mappings.state)
      controlNames.ask(device).catch((error: unknown) => session.addRemark(remarkOf(error)));
  };
  mappings.changed.on(nameControls);
  midi.changed.on(({ status }) => status === "granted" && nameControls());
  const { calibration, surface: calibrating } = joinCalibration(parts);
  const { listening, surface: hearing } = joinListening(parts);

  const readers = new Map<string, ControlReader>();
  const movesOf = ({ port, message }: HeardFrom) => {
    const reader = readers.get(port) ?? new ControlReader();
    readers.set(port, reader);
    return reader.read(message);
  };
  const inputs = new InputListener(midi);
  inputs.heard.on((heard) => {
    const { port, message, time } = heard;
    const moves = movesOf(heard);
    feedback.hear(port, moves);
    if (calibration.isOn) {
      if (message.kind === "note-on") calibration.tap(time);
    } else if (!learning.hear(port, moves) && !remote.hear(port, moves))
      keyboards.hear(port, message);
  });
  inputs.lost.on((port) => {
    keyboards.lose(port);
    readers.delete(port);
    feedback.forget(port);
  });

  const sysex = new SysexAccess();
  const outputFor = (device: string) =>
    outputOf(
      device,
      midi.state.outputs.map(({ name }) => name),
    );
  const lightGrids = (on: boolean) => {
    for (const { name } of midi.state.outputs) {
      const mode = programmerMode(name, on);
      if (mode !== undefined) sysex.send(name, mode);
    }
    for (const { name } of midi.state.inputs) feedback.forget(name);
  };
  sysex.changed.on(({ status }) => status === "granted" && lightGrids(true));
  midi.moved.on((port) => isLaunchpad(port) && lightGrids(true));

  const surface: HardwareLike = {
    ...{ keyboards: keyboardSettings, mappings, controlNames, learning, targets, sysex },
    calibration: calibrating,
    listening: hearing,
  };
  return {
    /** For the screen. */
    surface,
    /** Scenes are known from now on. */
    addScenes(names: ReturnType<TargetParts["scenes"]>, play: (id: string) => void): void {
      scenes = { names, play };
      for (const [id, target] of targetsOf(targetParts)) targets.set(id, target);
    },
    tick(now: Seconds): void {
      calibration.tick(now);
      listening.tick(now);
      driveStrips(session, (...controlled) => routing.control(...controlled));
      for (const { device, data } of feedback.messages()) {
        const port = outputFor(device);
        if (port !== undefined) midi.output(port)?.send([...data]);
      }
    },
    releaseAll(): void {
      keyboards.releaseAll();
      calibration.stop();
      listening.stop();
    },
    /** Grids show their own lights again. */
    leave: () => lightGrids(false),
  };
}
