/**
 * A human's touch as messages to a machine: bend within the two semitones that General MIDI sets, modulation as controller
 * 1, timbre as controller 74, pressure of the channel. What touches one pitch is sent to its channel where it has one for
 * itself (MPE), which bends 48 semitones; else as pressure of its key: one channel has one bend and one timbre, so there
 * the newest note's are all notes'.
 */
import type { Touch } from "#engine/hardware/touch.ts";
import { CONTROLLERS, controlChange, KEY_PRESSURE, PRESSURE, pitchBend } from "./midi-message.ts";

/** Semitones that a machine bends to the end of its wheel: all notes of a channel, and a note alone on its own. */
export const BEND_RANGES = { channel: 2, note: 48 } as const;

const byteOf = (share: number): number => Math.min(127, Math.max(0, Math.round(127 * share)));

/** Controller 74: 64 in the middle. */
const timbreByte = (timbre: number): number =>
  Math.round(64 + Math.min(1, Math.max(-1, timbre)) * (timbre < 0 ? 64 : 63));

/** What has changed, as messages to a channel. @param range semitones that it bends */
export function touchMessages(
  channel: number,
  touch: Touch,
  before: Touch,
  range: number = BEND_RANGES.channel,
): number[][] {
  const messages: number[][] = [];
  if (touch.bend !== before.bend) messages.push(pitchBend(channel, touch.bend / range));
  if (touch.modulation !== before.modulation)
    messages.push(controlChange(channel, CONTROLLERS.modulation, byteOf(touch.modulation)));
  if (touch.pressure !== before.pressure)
    messages.push([PRESSURE | channel, byteOf(touch.pressure)]);
  if (touch.timbre !== before.timbre)
    messages.push(controlChange(channel, CONTROLLERS.timbre, timbreByte(touch.timbre)));
  return messages;
}

/** A touch of one pitch, beside that of all notes on its channel. @param before the newest such touch there */
export const keyTouchMessages = (
  channel: number,
  pitch: number,
  touch: Touch,
  { all, before }: { readonly all: Touch; readonly before: Touch },
): number[][] => [
  pitchBend(channel, (all.bend + touch.bend) / BEND_RANGES.channel),
  [KEY_PRESSURE | channel, pitch, byteOf(touch.pressure)],
  ...(touch.timbre === before.timbre
    ? []
    : [controlChange(channel, CONTROLLERS.timbre, timbreByte(all.timbre + touch.timbre))]),
];
