/**
 * The channels of one port that have one note each (MPE 1.1): how many there are as its routes want them, which of them a
 * note gets, and how each is touched, so that a note begins as though nobody had touched its channel before.
 */
import {
  MANAGERS,
  NO_NOTE_CHANNELS,
  type NoteChannels,
  noteChannelsOf,
  withNoteChannels,
} from "#engine/hardware/note-channels.ts";
import { type Touch, UNTOUCHED } from "#engine/hardware/touch.ts";
import type { MidiRoute } from "#engine/jam/route.ts";
import { ChannelTurns } from "./channel-turns.ts";
import type { MidiNote } from "./midi-notes.ts";
import { BEND_RANGES, touchMessages } from "./touch-messages.ts";

/** Differs from every touch in everything: a channel of which nothing is known. */
const UNKNOWN: Touch = {
  bend: Number.NaN,
  pressure: Number.NaN,
  modulation: UNTOUCHED.modulation,
  timbre: Number.NaN,
};

/** See the header. */
export class NoteChannelBoard {
  readonly #turns = new ChannelTurns();
  readonly #touches = new Map<number, Touch>();
  #channels = NO_NOTE_CHANNELS;

  /** The channels as these routes want them; where both ends want too many, the lower one has fewer. */
  settle(routes: readonly MidiRoute[]): NoteChannels {
    const most = (manager: number) =>
      Math.max(
        0,
        ...routes.filter(({ channel }) => channel === manager).map((route) => route.noteChannels),
      );
    const lower = withNoteChannels(NO_NOTE_CHANNELS, MANAGERS.lower, most(MANAGERS.lower));
    const upper = most(MANAGERS.upper);
    this.#channels = upper === 0 ? lower : withNoteChannels(lower, MANAGERS.upper, upper);
    return this.#channels;
  }

  /** The channels that notes of a route have for themselves; none for most. */
  of({ channel, noteChannels }: MidiRoute): readonly number[] {
    return noteChannels === 0 ? [] : noteChannelsOf(this.#channels, channel);
  }

  /** Where a note of a route goes. @param others the notes of the port */
  place(
    route: MidiRoute,
    others: readonly MidiNote[],
    note: Pick<MidiNote, "pitch" | "on" | "off">,
  ): Pick<MidiNote, "channel" | "alone" | "before"> {
    const channels = this.of(route);
    if (channels.length === 0) return { channel: route.channel, alone: false, before: [] };
    const channel = this.#turns.next(channels, others, note);
    return { channel, alone: true, before: this.touch(channel, UNTOUCHED) };
  }

  /** Messages that touch the note of a channel; none where it is touched so. */
  touch(channel: number, touch: Touch): number[][] {
    const before = this.#touches.get(channel) ?? UNKNOWN;
    this.#touches.set(channel, touch);
    return touchMessages(channel, touch, before, BEND_RANGES.note);
  }

  /** The port may have forgotten everything. */
  forget(): void {
    this.#touches.clear();
  }
}
