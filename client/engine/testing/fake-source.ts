/** A composition source that a test plays by hand, and a player and clock to go with it. */
import { type Seconds, seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import type { Click, ClickVoice } from "#engine/play/metronome.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";

/** Composes a note of its lead every `every` steps, at once, up to a limit a test may hold back. */
export class FakeSource implements CompositionSource {
  readonly composed = new Emitter<ComposedNotes>();
  readonly failed = new Emitter<Error>();
  readonly begun: CompositionSettings[] = [];
  readonly retakes: { step: number; settings: CompositionSettings }[] = [];
  /** Steps beyond which nothing is composed, as on a machine that is slow. */
  limit = Number.POSITIVE_INFINITY;
  every = 8;
  /** Milliseconds that composing a step takes. */
  millisecondsPerStep = 1;
  #revision = 0;
  #next = 0;
  #until = 0;
  #settings: CompositionSettings | undefined;

  begin(settings: CompositionSettings, prime: readonly Note[] = []): number {
    this.begun.push(settings);
    this.#settings = settings;
    this.#next = prime.length === 0 ? 0 : prime[prime.length - 1].onset + this.every;
    this.#until = 0;
    return ++this.#revision;
  }

  composeUntil(step: number): void {
    this.#until = Math.max(this.#until, step);
    this.flow();
  }

  retake(step: number, settings: CompositionSettings): number {
    this.retakes.push({ step, settings });
    this.#settings = settings;
    this.#next = Math.min(this.#next, Math.ceil(step / this.every) * this.every);
    return ++this.#revision;
  }

  /** Composes what was asked for and the limit allows. */
  flow(): void {
    const notes: Note[] = [];
    const { endsAt = Number.POSITIVE_INFINITY } = this.#settings ?? {};
    while (this.#next <= Math.min(this.#until, this.limit) && this.#next < endsAt) {
      const instrument = this.#settings?.constraint.lead ?? 0;
      notes.push({ instrument, pitch: 60, velocity: 90, onset: this.#next, duration: 4 });
      this.#next += this.every;
    }
    if (notes.length === 0) return;
    this.composed.emit({
      revision: this.#revision,
      notes,
      ...(this.#next < endsAt ? {} : { endsAt }),
      tokens: notes.length * 3,
      milliseconds: notes.length * this.every * this.millisecondsPerStep,
    });
  }

  dispose(): void {
    this.limit = 0;
  }
}

/** Keeps what it was given. */
export class RecordingPlayer implements Player {
  readonly played: TimedNote[] = [];
  readonly released: (readonly [Instrument, number])[] = [];
  silences = 0;

  release(instrument: Instrument, pitch: number): void {
    this.released.push([instrument, pitch]);
  }

  play(note: TimedNote): void {
    this.played.push(note);
  }

  silence(): void {
    this.silences++;
  }

  dispose(): void {
    this.silence();
  }
}

/** Keeps the clicks it was given. */
export class RecordingClicks implements ClickVoice {
  readonly clicked: Click[] = [];
  silences = 0;

  click(click: Click): void {
    this.clicked.push(click);
  }

  silence(): void {
    this.silences++;
  }
}

/** A clock that stands until a test moves it. */
export class FakeClock {
  now: Seconds = seconds(100);

  readonly read = (): Seconds => this.now;
}
