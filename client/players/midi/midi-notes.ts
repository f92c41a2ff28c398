/**
 * Book-keeping of the notes on one MIDI port, free of clocks and devices. A receiver knows only
 * "this pitch on this channel": two overlapping notes of one pitch would cut or leave each other
 * hanging. So here a later note ends the earlier one just before it starts, one that starts
 * together with another lengthens it, and every note on has exactly one note off after it. A note that has its channel
 * for itself ends what sounds there, whatever its pitch.
 */
import type { Milliseconds } from "#base/brand.ts";
import type { Instrument } from "#music/instrument.ts";
import { type MidiMessage, NOTE_OFF, NOTE_ON } from "./midi-message.ts";

/** A note on a port. Times on the performance clock; `off` may still move until it was sent. */
export interface MidiNote {
  readonly instrument: Instrument;
  /** 0-15. */
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
  /** Whether its channel is of one note (MPE), and what that is told just before. */
  readonly alone: boolean;
  readonly before: readonly (readonly number[])[];
  /** When it was to begin, the sooner where it is two; an end that was sent already may have moved it. */
  struck: number;
  on: number;
  off: number;
  onSent: boolean;
  offSent: boolean;
}

/** Between the end of a note and the next of the same pitch, milliseconds. */
const GAP = 1;
const SHORTEST = 10;
/** Milliseconds for which an end that was sent is remembered: a port that went away unnoticed did not take it. */
const DOUBTFUL = 500;

/** The notes of one port. */
export class MidiNotes {
  #notes: MidiNote[] = [];

  /** All that are known, those whose end was sent of late included. */
  get all(): readonly MidiNote[] {
    return this.#notes;
  }

  /** The newest note of a pitch of an instrument that has begun and is not over; undefined where there is none. */
  sounding(now: number, instrument: Instrument, pitch: number): MidiNote | undefined {
    return this.#notes.findLast(
      (note) =>
        note.instrument === instrument && note.pitch === pitch && note.on <= now && note.off > now,
    );
  }

  /** Adds a note [on, off) in milliseconds, neither sent. */
  add(
    note: Pick<MidiNote, "instrument" | "channel" | "pitch" | "velocity" | "on" | "off"> &
      Partial<Pick<MidiNote, "alone" | "before">>,
  ): void {
    const added: MidiNote = {
      ...{ alone: false, before: [] },
      ...note,
      ...{ struck: note.on, onSent: false, offSent: false },
    };
    const near = this.#notes.filter((other) => other.channel === added.channel);
    const same = near.filter((other) => other.pitch === added.pitch);
    // Where an end was sent already it stays: a new note waits for it.
    const settled = same.filter((other) => other.offSent).sort((a, b) => a.off - b.off);
    lengthen(added);
    for (const other of settled) {
      const overlap = other.off > added.on - GAP && other.on < added.off + GAP;
      if (!overlap) continue;
      added.on = other.off + GAP;
      lengthen(added);
    }
    const open = (added.alone ? near : same).filter((other) => !other.offSent);
    const twin = open.find(
      (other) => other.pitch === added.pitch && Math.abs(other.on - added.on) <= GAP,
    );
    if (twin) {
      twin.off = Math.max(twin.off, added.off);
      // Who let a key go that joined it a moment before its time means it, too.
      twin.struck = Math.min(twin.struck, added.struck);
      this.#endBeforeNext(twin, open);
      return;
    }
    for (const other of open) {
      if (other.on < added.on) endBefore(other, added);
    }
    this.#endBeforeNext(added, open);
    this.#notes.push(added);
  }

  /** Ends what was to have begun of a pitch of an instrument, as soon as a note may end. */
  release(now: number, instrument: Instrument, pitch: number): void {
    for (const note of this.#notes) {
      if (note.instrument !== instrument || note.pitch !== pitch || note.struck > now) continue;
      if (!note.offSent) note.off = Math.min(note.off, Math.max(now, note.on + SHORTEST));
    }
  }

  #endBeforeNext(note: MidiNote, others: readonly MidiNote[]): void {
    for (const other of others) {
      if (other.on > note.on) endBefore(note, other);
    }
  }

  /**
   * Messages due: note ons before `onsUntil`, note offs before `offsUntil`, in the order in which
   * they must be sent. An end that stands before the next note of its pitch goes with that note.
   */
  take(now: number, onsUntil: number, offsUntil: number): MidiMessage[] {
    const messages: MidiMessage[] = [];
    const inOrder = [...this.#notes].sort((a, b) => a.on - b.on);
    for (const note of inOrder) {
      if (note.onSent || note.on >= onsUntil) continue;
      for (const other of inOrder) {
        const ends = other.onSent && !other.offSent && other.off <= note.on;
        if (ends && other.channel === note.channel && other.pitch === note.pitch) {
          messages.push(offOf(other, now));
        }
      }
      note.onSent = true;
      for (const data of note.before) messages.push({ data, time: at(note.on, now) });
      const status = NOTE_ON | note.channel;
      messages.push({ data: [status, note.pitch, note.velocity], time: at(note.on, now) });
    }
    for (const note of inOrder) {
      if (note.onSent && !note.offSent && note.off < offsUntil) messages.push(offOf(note, now));
    }
    this.#notes = this.#notes.filter((note) => !note.offSent || note.off > now - DOUBTFUL);
    return messages;
  }

  /**
   * Forgets all notes, the port being gone; the ends of those that it may hold, for when it is back. What is on its way
   * may be lost or not, so each end comes after its beginning.
   */
  lose(now: number): MidiMessage[] {
    const begun = this.#notes.filter(({ onSent }) => onSent);
    this.#notes = [];
    return begun.map((note) => {
      note.off = Math.max(now, note.on + GAP);
      return offOf(note, now);
    });
  }

  /**
   * Forgets notes (of one instrument, or all) that were not sent and ends those that were: messages
   * to send now. An end sent ahead is sent again, in case the port dropped it with its queue.
   */
  end(now: number, instrument?: Instrument): MidiMessage[] {
    const messages: MidiMessage[] = [];
    this.#notes = this.#notes.filter((note) => {
      if (instrument !== undefined && note.instrument !== instrument) return true;
      if (!note.onSent || (note.offSent && note.off <= now)) return note.onSent;
      note.off = Math.min(note.off, Math.max(now, note.on + GAP));
      messages.push(offOf(note, now));
      return true; // what was sent ahead still has to be reckoned with
    });
    return messages;
  }
}

/** Makes a note long enough to be one. */
function lengthen(note: MidiNote): void {
  note.off = Math.max(note.off, note.on + SHORTEST);
}

/** Ends a note just before the next one on its channel; never before its own beginning. */
function endBefore(note: MidiNote, next: MidiNote): void {
  note.off = Math.min(note.off, Math.max(note.on, next.on - GAP));
}

function offOf(note: MidiNote, now: number): MidiMessage {
  note.offSent = true;
  return { data: [NOTE_OFF | note.channel, note.pitch, 64], time: at(note.off, now) };
}

const at = (time: number, now: number): Milliseconds => Math.max(time, now) as Milliseconds;
