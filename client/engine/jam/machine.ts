/**
 * A synthesiser or drum machine that a route can be set up for, of presets/machines: what it answers to, as its maker's
 * manual says. Parsed as anything from outside is.
 */

import { assert } from "#base/assert.ts";
import { isWhole } from "#base/json.ts";
import { MANAGERS, MOST_NOTE_CHANNELS } from "#engine/hardware/note-channels.ts";
import { DRUMS, type Instrument, WRITTEN_PROGRAM } from "#music/instrument.ts";
import { drumKeysOf } from "./kept-route.ts";
import type { MidiRoute } from "./route.ts";

/** The machine that plays what all agreed upon, by its name. */
export const GENERAL_MIDI = "General MIDI";

/** As the list of machines has it. */
export interface MachineName {
  readonly id: string;
  readonly name: string;
  /** Whether it says on which keys its drums are. */
  readonly drums: boolean;
}

/** A controller of a machine, for learning and automation. */
export interface MachineController {
  readonly name: string;
  /** 0-127; `fine` the one of its lower half, where it has 14 bits. */
  readonly controller: number;
  readonly fine?: number;
}

/** See the header. */
export interface Machine {
  readonly name: string;
  /** Whether program changes are received. */
  readonly program: boolean;
  /** Whether it plays a channel a note (MPE). */
  readonly mpe: boolean;
  /** Lowest and highest pitch that sound, where the manual says so. */
  readonly pitches: readonly [number, number] | undefined;
  readonly drumKeys: Readonly<Record<number, number>> | undefined;
  readonly controllers: readonly MachineController[];
}

const isByte = (value: unknown): value is number => isWhole(value, 0, 127);

/** A machine of its file; what is not understood of it is left out. */
export function parseMachine(json: unknown): Machine {
  assert(typeof json === "object" && json !== null, "a machine's file holds an object");
  const { manufacturer, name, program, mpe, pitches, drumKeys, controllers } = json as Record<
    string,
    unknown
  >;
  const [lowest, highest] = Array.isArray(pitches) ? pitches : [];
  const all: readonly MachineController[] = Array.isArray(controllers) ? controllers : [];
  return {
    name: `${manufacturer ?? ""} ${name ?? ""}`.trim(),
    program: program === true,
    mpe: mpe === true,
    pitches: isByte(lowest) && isByte(highest) ? [lowest, highest] : undefined,
    drumKeys: drumKeysOf(drumKeys),
    controllers: all.filter((each) => isByte(each?.controller) && typeof each.name === "string"),
  };
}

/** A route set up for a machine: its port stays, and its channel where notes have none for themselves. */
export const routeFor = (
  machine: Machine,
  instrument: Instrument,
  route: MidiRoute,
): MidiRoute => ({
  ...route,
  ...(machine.name === "MPE" && instrument !== DRUMS
    ? { channel: MANAGERS.lower, noteChannels: MOST_NOTE_CHANNELS }
    : { noteChannels: machine.mpe ? route.noteChannels : 0 }),
  machine: machine.name,
  drumKeys: instrument === DRUMS ? machine.drumKeys : undefined,
  lowest: machine.pitches?.[0] ?? 0,
  highest: machine.pitches?.[1] ?? 127,
  // A machine's programs are its own: only General MIDI says what stands under a number.
  program:
    machine.name === GENERAL_MIDI && instrument !== DRUMS ? WRITTEN_PROGRAM[instrument] : undefined,
});
