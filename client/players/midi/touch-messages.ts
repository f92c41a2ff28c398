/**
 * A human's touch as messages to a machine: bend within the two semitones that General MIDI sets, modulation as controller
 * 1, pressure of the channel. What touches one pitch is sent as pressure of its key; one channel has one bend, so the
 * newest note's bends it.
 */
import type { Touch } from "#engine/hardware/touch.ts";
import { CONTROLLERS, controlChange, KEY_PRESSURE, PRESSURE, pitchBend } from "./midi-message.ts";

/** Semitones that a machine bends to the end of its wheel. */
const BEND_RANGE = 2;

const byteOf = (share: number): number => Math.min(127, Math.max(0, Math.round(127 * share)));

/** What has changed, as messages to a channel. */
export function touchMessages(channel: number, touch: Touch, before: Touch): number[][] {
  const messages: number[][] = [];
  if (touch.bend !== before.bend) messages.push(pitchBend(channel, touch.bend / BEND_RANGE));
  if (touch.modulation !== before.modulation)
    messages.push(controlChange(channel, CONTROLLERS.modulation, byteOf(touch.modulation)));
  if (touch.pressure !== before.pressure)
    messages.push([PRESSURE | channel, byteOf(touch.pressure)]);
  return messages;
}

/** A touch of one pitch, beside that of all notes on its channel. */
export const keyTouchMessages = (
  channel: number,
  touch: Touch,
  all: Touch,
  pitch: number,
): number[][] => [
  pitchBend(channel, (all.bend + touch.bend) / BEND_RANGE),
  [KEY_PRESSURE | channel, pitch, byteOf(touch.pressure)],
];
