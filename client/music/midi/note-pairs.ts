/**
 * Which note-off ends which note-on, track by track. Where the strikes of a key are all answered,
 * first struck is first released. Where they are not, because a note-off is missing, counting from
 * the front would give every later note its neighbour's end; there a note-off answers the latest
 * strike, and strikes it leaves unanswered are `UNPAIRED`: they end otherwise (see playback.ts).
 */
import { type EventList, KEYS } from "./event-list.ts";

/** A note-on that no note-off of its track answers, a note-off that answers none. */
export const UNPAIRED = -1;

/** Kinds of messages that pairing looks at. */
export const NOTE_OFF = 8;
export const NOTE_ON = 9;
export const CONTROL = 11;

/** Controllers that end all notes of a channel: sound off, notes off, and the modes that imply it. */
export const ALL_SOUND_OFF = 120;
const ALL_NOTES_OFF = 123;

/** The partner of each note-on and note-off, by index in the list; UNPAIRED for all else. */
export function pairNotes(events: EventList): Int32Array {
  const pairing = new Pairing(events);
  for (const [track, start] of events.trackStarts.entries()) {
    pairing.pairTrack(start, events.trackStarts[track + 1] ?? events.length);
  }
  return pairing.partners;
}

/** No message: the end of a chain. */
const NONE = -1;

/**
 * Pairs a track after the other. A key's run, its strikes and releases since it last was at rest,
 * is a chain of indices: `#next` leads from each message to the run's next.
 */
class Pairing {
  readonly partners: Int32Array;
  readonly #events: EventList;
  readonly #next: Int32Array;
  /** By key: the run's first and last message, its oldest strike that is not released, how many are not. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #oldest: Int32Array;
  readonly #open: Int32Array;

  constructor(events: EventList) {
    this.#events = events;
    this.partners = new Int32Array(events.length).fill(UNPAIRED);
    this.#next = new Int32Array(events.length).fill(NONE);
    const keys = events.channels * KEYS;
    this.#first = new Int32Array(keys);
    this.#last = new Int32Array(keys);
    this.#oldest = new Int32Array(keys);
    this.#open = new Int32Array(keys);
  }

  pairTrack(start: number, end: number): void {
    const events = this.#events;
    const begun: number[] = []; // keys of the track's runs
    for (let index = start; index < end; index++) {
      const kind = events.kind(index);
      if (kind === NOTE_ON) {
        const key = events.key(index);
        if (this.#open[key] === 0) {
          begun.push(key);
          this.#first[key] = index;
          this.#oldest[key] = index;
        } else {
          this.#next[this.#last[key]] = index;
        }
        this.#last[key] = index;
        this.#open[key]++;
      } else if (kind === NOTE_OFF) {
        const key = events.key(index);
        if (this.#open[key] > 0) this.#release(key, index);
      } else if (kind === CONTROL && endsNotes(events.data1(index))) {
        const lowest = events.channel(index) * KEYS;
        for (let key = lowest; key < lowest + KEYS; key++) this.#answerLatest(key);
      }
    }
    for (const key of begun) this.#answerLatest(key);
  }

  /** The oldest strike of a key is released. */
  #release(key: number, index: number): void {
    this.#join(this.#oldest[key], index);
    this.#next[this.#last[key]] = index;
    this.#last[key] = index;
    if (--this.#open[key] === 0) return;
    let strike = this.#next[this.#oldest[key]];
    while (this.#events.kind(strike) !== NOTE_ON) strike = this.#next[strike];
    this.#oldest[key] = strike;
  }

  /** Pairs a run that was not answered in full anew: each release with the last strike before it. */
  #answerLatest(key: number): void {
    if (this.#open[key] === 0) return;
    this.#open[key] = 0;
    let strike = UNPAIRED;
    for (let index = this.#first[key]; index !== NONE; index = this.#next[index]) {
      this.partners[index] = UNPAIRED;
      if (this.#events.kind(index) === NOTE_ON) {
        strike = index;
      } else if (strike !== UNPAIRED) {
        this.#join(strike, index);
        strike = UNPAIRED;
      }
    }
  }

  #join(strike: number, release: number): void {
    this.partners[strike] = release;
    this.partners[release] = strike;
  }
}

/** Whether a controller ends all notes of its channel. */
export const endsNotes = (controller: number): boolean =>
  controller === ALL_SOUND_OFF || controller >= ALL_NOTES_OFF;
