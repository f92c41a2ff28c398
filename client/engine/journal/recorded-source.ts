/**
 * A composition source that remembers what was ordered of it and after how many tokens each order was carried out. That
 * is all that a piece follows from: given again at the same points (replay.ts), the same model on the same backend
 * composes the same notes, however fast the machine was and in whatever batches they came.
 */
import type { Emitter } from "#base/emitter.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import type { Note } from "#music/note.ts";

/** An order as it was carried out; the first of a piece begins it. */
export interface Order {
  /** Tokens drawn since the piece began. */
  readonly drawn: number;
  /** What began there or later was taken back; 0 for a beginning. */
  readonly step: number;
  readonly settings: CompositionSettings;
  /** Of a beginning: music that it goes on from. */
  readonly prime?: readonly Note[];
}

/** All orders of a piece, and the tokens drawn under them so far. */
export interface OrderRecord {
  readonly orders: readonly Order[];
  readonly drawn: number;
}

/** Decorates a source, and owns it from then on. */
export class RecordedSource implements CompositionSource {
  readonly composed: Emitter<ComposedNotes>;
  readonly failed: Emitter<Error>;
  readonly #source: CompositionSource;
  /** What was ordered and is not known to be carried out, by revision. */
  readonly #ordered = new Map<number, Pick<Order, "settings" | "prime">>();
  #orders: readonly Order[] = [];
  #drawn = 0;

  constructor(source: CompositionSource) {
    this.#source = source;
    this.composed = source.composed;
    this.failed = source.failed;
    source.composed.on((composed) => this.#learn(composed));
  }

  /** Of the piece that is composed now. */
  get record(): OrderRecord {
    return { orders: this.#orders, drawn: this.#drawn };
  }

  begin(settings: CompositionSettings, prime?: readonly Note[]): number {
    const revision = this.#source.begin(settings, prime);
    this.#ordered.clear();
    this.#ordered.set(revision, { settings, prime: prime ?? [] });
    return revision;
  }

  retake(step: number, settings: CompositionSettings): number {
    const revision = this.#source.retake(step, settings);
    this.#ordered.set(revision, { settings });
    return revision;
  }

  composeUntil(step: number): void {
    this.#source.composeUntil(step);
  }

  dispose(): void {
    this.#source.dispose();
  }

  #learn({ carriedOut = [], tokens }: ComposedNotes): void {
    for (const { revision, drawn, step } of carriedOut) {
      const ordered = this.#ordered.get(revision);
      // Of a piece that another has taken the place of.
      if (ordered === undefined) continue;
      const begins = ordered.prime !== undefined;
      this.#orders = [...(begins ? [] : this.#orders), { drawn, step, ...ordered }];
      this.#drawn = drawn;
      for (const known of this.#ordered.keys()) if (known <= revision) this.#ordered.delete(known);
    }
    this.#drawn += tokens;
  }
}
