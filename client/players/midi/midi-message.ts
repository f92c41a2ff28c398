/** The few MIDI messages that are sent and heard, as bytes (MIDI 1.0 specification, tables of messages). */
import type { Milliseconds } from "#base/brand.ts";
import { NOTE_CHANNELS_PARAMETER } from "#engine/hardware/note-channels.ts";

/** Bytes and when they are to take effect, on the performance clock. */
export interface MidiMessage {
  readonly data: readonly number[];
  readonly time: Milliseconds;
}

export const NOTE_OFF = 0x80;
export const NOTE_ON = 0x90;
export const KEY_PRESSURE = 0xa0;
const CONTROL_CHANGE = 0xb0;
export const PROGRAM_CHANGE = 0xc0;
export const PRESSURE = 0xd0;
const BEND = 0xe0;

/** What a clock says. */
export const CLOCK = {
  tick: 0xf8,
  start: 0xfa,
  continue: 0xfb,
  stop: 0xfc,
  songPosition: 0xf2,
} as const;

/** Numbers of control changes. */
export const CONTROLLERS = {
  bankCoarse: 0,
  modulation: 1,
  level: 7,
  pan: 10,
  bankFine: 32,
  sustain: 64,
  timbre: 74,
  dataCoarse: 6,
  registeredFine: 100,
  registeredCoarse: 101,
  allSoundOff: 120,
  allNotesOff: 123,
} as const;

/** @param channel 0-15 @param value 0-127 */
export const controlChange = (channel: number, controller: number, value: number): number[] => [
  CONTROL_CHANGE | channel,
  controller,
  value,
];

/** @param bend -1 to 1, 0 not bent */
export const pitchBend = (channel: number, bend: number): number[] => {
  const value = Math.round(8192 + Math.min(1, Math.max(-1, bend)) * (bend < 0 ? 8192 : 8191));
  return [BEND | channel, value & 127, value >> 7];
};

/** Numbers of registered parameters: how far a wheel bends, how many channels have one note each (MPE 1.1). */
export const PARAMETERS = { bendRange: 0, noteChannels: NOTE_CHANNELS_PARAMETER } as const;

/** Sets a registered parameter, and lets it go, so that no stray data moves it. @param value 0-127 */
export const registered = (channel: number, parameter: number, value: number): number[][] => [
  controlChange(channel, CONTROLLERS.registeredCoarse, 0),
  controlChange(channel, CONTROLLERS.registeredFine, parameter),
  controlChange(channel, CONTROLLERS.dataCoarse, value),
  controlChange(channel, CONTROLLERS.registeredCoarse, 127),
  controlChange(channel, CONTROLLERS.registeredFine, 127),
];

/** What ends everything on a channel: pedal up first, or the notes would be held by it. */
export const quieting = (channel: number): number[][] => [
  controlChange(channel, CONTROLLERS.sustain, 0),
  controlChange(channel, CONTROLLERS.allNotesOff, 0),
  controlChange(channel, CONTROLLERS.allSoundOff, 0),
];
