/**
 * Channels that have one note each (MPE 1.1, section 2): those above the first channel, which speaks for all of them, and
 * those below the last, which does the same. An instrument says how many there are by registered parameter 6.
 */
import { isJson, isWhole } from "#base/json.ts";
import { HEARD_CONTROLLERS, type HeardMessage } from "./heard-message.ts";

/** How many channels have one note each, 0-15; 0 where there is no such part. */
export interface NoteChannels {
  readonly lower: number;
  readonly upper: number;
}

export const NO_NOTE_CHANNELS: NoteChannels = { lower: 0, upper: 0 };

/** All there can be: of one part alone, and of both. */
export const MOST_NOTE_CHANNELS = 15;
const BOTH = 14;

/** The channel (0-15) that speaks for all notes of a part. */
export const MANAGERS = { lower: 0, upper: 15 } as const;

/** The registered parameter by which they are said. */
export const NOTE_CHANNELS_PARAMETER = 6;

/** The part a channel speaks for, there or not. */
const partOf = (manager: number): keyof NoteChannels | undefined =>
  manager === MANAGERS.lower ? "lower" : manager === MANAGERS.upper ? "upper" : undefined;

/** The channels of one note each that a channel speaks for, the nearest first. */
export function noteChannelsOf(channels: NoteChannels, manager: number): readonly number[] {
  const part = partOf(manager);
  if (part === undefined) return [];
  return Array.from({ length: channels[part] }, (_, at) =>
    part === "lower" ? at + 1 : MANAGERS.upper - 1 - at,
  );
}

/** The channel that speaks for the note of a channel; undefined where that has no note for itself. */
export function managerOf({ lower, upper }: NoteChannels, channel: number): number | undefined {
  if (channel > MANAGERS.lower && channel <= lower) return MANAGERS.lower;
  if (channel < MANAGERS.upper && channel >= MANAGERS.upper - upper) return MANAGERS.upper;
  return undefined;
}

/** One part given so many channels: the other one gives up what both would have. */
export function withNoteChannels(
  channels: NoteChannels,
  manager: number,
  count: number,
): NoteChannels {
  const part = partOf(manager);
  if (part === undefined) return channels;
  const other = part === "lower" ? "upper" : "lower";
  const left = count === 0 ? MOST_NOTE_CHANNELS : Math.max(0, BOTH - count);
  return { ...channels, [part]: count, [other]: Math.min(channels[other], left) };
}

/** What was kept; of an earlier version, which knew one part. */
export function keptNoteChannels(kept: unknown): NoteChannels {
  if (kept === true) return { lower: MOST_NOTE_CHANNELS, upper: 0 };
  if (!isJson(kept)) return NO_NOTE_CHANNELS;
  const count = (value: unknown) => (isWhole(value, 0, MOST_NOTE_CHANNELS) ? value : 0);
  const lower = withNoteChannels(NO_NOTE_CHANNELS, MANAGERS.lower, count(kept.lower));
  const upper = count(kept.upper);
  return upper === 0 ? lower : withNoteChannels(lower, MANAGERS.upper, upper);
}

/** Hears how an instrument says its channels. */
export class NoteChannelsReader {
  /** The registered parameter that each of the channels was last asked for. */
  readonly #parameters = new Map<number, number>();

  /** Who speaks for how many channels from now on; undefined where the message does not say. */
  read(message: HeardMessage): { readonly manager: number; readonly count: number } | undefined {
    if (message.kind !== "controller" || partOf(message.channel) === undefined) return undefined;
    const { channel, controller, value } = message;
    const before = this.#parameters.get(channel) ?? 0x3fff;
    switch (controller) {
      case HEARD_CONTROLLERS.registeredCoarse:
        this.#parameters.set(channel, 128 * value + (before & 127));
        return undefined;
      case HEARD_CONTROLLERS.registeredFine:
        this.#parameters.set(channel, (before & ~127) + value);
        return undefined;
      case HEARD_CONTROLLERS.unregisteredCoarse:
      case HEARD_CONTROLLERS.unregisteredFine:
        this.#parameters.delete(channel);
        return undefined;
      case HEARD_CONTROLLERS.dataCoarse:
        if (before !== NOTE_CHANNELS_PARAMETER) return undefined;
        return { manager: channel, count: Math.min(value, MOST_NOTE_CHANNELS) };
      default:
        return undefined;
    }
  }
}
