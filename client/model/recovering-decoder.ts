/**
 * A decoder that survives the loss of its device: it opens another (the same backend first, then the next),
 * fills it from the tokens it took, and repeats the call that failed. Callers see a slow call and no more.
 *
 * What is exact: a sequence that never rolled is computed anew in full, so nothing differs. A rotary one that
 * did roll is refilled with its prefix and the newest `refill` tokens. Everything a query attends to is there
 * again, at the same distances; but keys of the upper layers had seen tokens that left the window before
 * (depth windows back), and these no longer count. Refilling them all would take longer than the music ahead lasts,
 * and little hangs on them: after 2,500 tokens of a test piece, the starter model (a context of 512)
 * moves its distribution by 0.0007 nat a token with a refill of 512, and by 0.000002 with one of 1,024.
 *
 * The weights stay in memory for it. Whoever is told by `recovered` may show its sentence.
 */
import { assert } from "#base/assert.ts";
import { Emitter } from "#base/emitter.ts";
import { Failure, remarkOf } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { BackendName, Decoder, DrawnRun, DrawRequest } from "./decoder.ts";
import { BACKENDS, type OpenedDecoder, type OpenOptions, openDecoder } from "./open-decoder.ts";
import { joinRuns, sliceRun, type TokenConditions, type TokenRun } from "./token-run.ts";
import { DeviceLost } from "./webgpu/device.ts";
import type { Weights } from "./weights/weights.ts";
import { TokenHistory } from "./window/token-history.ts";

/** Which backends may be opened: one alone, or all but some. */
export type BackendsAdmitted = { readonly only: BackendName } | { readonly except: BackendName[] };

/** Opens a decoder on the fastest admitted backend that starts; throws a `Failure` if none does. */
export type OpenBackend = (admitted: BackendsAdmitted) => Promise<OpenedDecoder>;

/** How to recover. */
export interface RecoveryOptions {
  /** Tokens pinned at the start of the sequence. */
  readonly prefixLength: number;
  /** Newest tokens that a new device takes, at least `contextLength`; that many by default. */
  readonly refill?: number;
  /** Times that the same backend is opened again before the next is. */
  readonly tries?: number;
  /** A backend that is lost so often, never lasting for 1,000 tokens, is given up; 3 by default. */
  readonly losses?: number;
  /** Milliseconds before the second try, doubled for each later one: drivers need a moment. */
  readonly pause?: number;
}

/** The decoder runs again. */
export interface Recovered {
  readonly backend: BackendName;
  /** What happened. */
  readonly remark: Remark;
}

/**
 * The device was lost in a draw, and what runs the model now cannot draw: nothing was taken, go on with
 * `prefill` and `sample`.
 */
export class DrawUnavailable extends Failure {
  constructor() {
    super(
      "unsupported",
      "What runs the model now cannot draw tokens by itself; draw them from logits.",
    );
  }
}

/** Losses with fewer tokens than this between them count together. */
const LASTING = 1000;

/** Opens a decoder on the fastest backend, and anew whenever its device is lost. See `openDecoder`. */
export function openRecovering(
  weights: Weights,
  options: OpenOptions & RecoveryOptions,
): Promise<RecoveringDecoder> {
  const { backends = BACKENDS, prefer } = options;
  return recovering((admitted) => {
    const left = backends.filter(({ name }) =>
      "only" in admitted ? name === admitted.only : !admitted.except.includes(name),
    );
    // What ran a moment ago is taken again whatever speaks against it.
    const first = "only" in admitted ? admitted.only : prefer;
    const known = left.some(({ name }) => name === first) || left.length === backends.length;
    return openDecoder(weights, { ...options, backends: left, prefer: known ? first : undefined });
  }, options);
}

/** Opens a decoder, and anew whenever its device is lost. @throws what `open` throws. */
export async function recovering(
  open: OpenBackend,
  options: RecoveryOptions,
): Promise<RecoveringDecoder> {
  return new RecoveringDecoder(await open({ except: [] }), open, options);
}

/** See the header; made by `recovering`. */
export class RecoveringDecoder implements Decoder {
  readonly architecture;
  /** Why no faster backend ran it at first. */
  readonly remarks: readonly Remark[];
  /** Told after each recovery, before the call that failed goes on. */
  readonly recovered = new Emitter<Recovered>();
  readonly #open: OpenBackend;
  readonly #options: Required<RecoveryOptions>;
  readonly #history: TokenHistory;
  /** Nothing while the device is lost. */
  #inner: Decoder | undefined;
  #backend: BackendName;
  #loss: DeviceLost | undefined;
  readonly #losses = new Map<BackendName, number>();
  /** Tokens taken since the last loss. */
  #takenSince = 0;
  /** Positions here less positions in the inner decoder, past the prefix. */
  #shift = 0;
  #disposed = false;

  constructor({ decoder, remarks }: OpenedDecoder, open: OpenBackend, options: RecoveryOptions) {
    const { contextLength } = decoder.architecture;
    this.#options = { refill: contextLength, tries: 2, losses: 3, pause: 300, ...options };
    const { refill, tries } = this.#options;
    assert(refill >= contextLength, `refill ${refill}: expected at least ${contextLength}`);
    assert(tries >= 1, `tries ${tries}: expected at least 1`);
    this.architecture = decoder.architecture;
    this.remarks = remarks;
    this.#open = open;
    this.#history = new TokenHistory(options.prefixLength, refill + 2 * contextLength);
    this.#inner = decoder;
    this.#backend = decoder.backend;
  }

  get backend(): BackendName {
    return this.#backend;
  }

  get position(): number {
    return this.#history.position;
  }

  /** After a refill that was cut, queries from here on still see a whole window. */
  get oldestPosition(): number {
    const reach = this.#inner?.oldestPosition ?? 0;
    const { from } = this.#history;
    const refilled = from > 0 ? from + this.#options.refill : 0;
    if (this.#shift === 0) return Math.max(reach, refilled);
    const whole = this.architecture.contextLength - 1;
    return Math.max(this.#shift + Math.max(reach, whole), refilled);
  }

  /** Position of the oldest token after the prefix that the cache was computed from. */
  get rememberedFrom(): number {
    return this.#shift + this.#options.prefixLength;
  }

  prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    return this.#run(
      (inner) => inner.prefill(tokens, conditions),
      () => ({ tokens, conditions }),
    );
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.#run(
      (inner) => inner.decodeStep(token, conditions),
      () => ({ tokens: [token], conditions: conditions && [conditions] }),
    );
  }

  /** Undefined while what runs the model cannot draw. The method rejects with `DrawUnavailable` if it no longer can. */
  get draw(): ((request: DrawRequest) => Promise<DrawnRun>) | undefined {
    if (this.#inner?.draw === undefined) return undefined;
    return (request) =>
      this.#run(
        (inner) => inner.draw?.(request) ?? Promise.reject(new DrawUnavailable()),
        // The last one drawn is not taken yet.
        (drawn) => joinRuns(request, sliceRun(drawn, 0, -1)),
      );
  }

  truncate(position: number): void {
    assert(
      Number.isInteger(position) && position >= 0 && position <= this.position,
      `truncate(${position}): expected an integer in [0, ${this.position}]`,
    );
    const pinned = position <= this.#history.prefix.tokens.length;
    assert(
      pinned || position >= this.oldestPosition,
      `truncate(${position}): out of reach, the oldest position is ${this.oldestPosition}`,
    );
    this.#history.truncate(position);
    if (pinned) this.#shift = 0;
    this.#align();
  }

  dispose(): void {
    this.#disposed = true;
    this.#inner?.dispose();
    this.#inner = undefined;
  }

  /** Calls the decoder, after a loss once more on another; `taken` are the tokens a call that succeeded took. */
  async #run<T>(call: (inner: Decoder) => Promise<T>, taken: (result: T) => TokenRun): Promise<T> {
    for (;;) {
      assert(!this.#disposed, "the decoder was disposed of");
      const inner = this.#inner ?? (await this.#recover());
      // A call that failed otherwise may have been taken in part.
      this.#align();
      try {
        const result = await call(inner);
        const run = taken(result);
        this.#takenSince += run.tokens.length;
        this.#history.take(run);
        return result;
      } catch (error) {
        if (!(error instanceof DeviceLost)) throw error;
        this.#lose(error);
      }
    }
  }

  #align(): void {
    const position = this.position - this.#shift;
    if (this.#inner !== undefined && this.#inner.position > position)
      this.#inner.truncate(position);
  }

  #lose(loss: DeviceLost): void {
    this.#loss = loss;
    this.#inner?.dispose();
    this.#inner = undefined;
    if (this.#takenSince >= LASTING) this.#losses.clear();
    this.#takenSince = 0;
    this.#losses.set(this.#backend, (this.#losses.get(this.#backend) ?? 0) + 1);
  }

  /** Opens and fills another decoder. @throws Failure "unavailable" once every try has failed. */
  async #recover(): Promise<Decoder> {
    const lost = this.#backend;
    const errors: unknown[] = [this.#loss];
    for (const { admitted, pause } of this.#attempts(lost)) {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      assert(!this.#disposed, "the decoder was disposed of");
      let decoder: Decoder | undefined;
      try {
        ({ decoder } = await this.#open(admitted));
        await this.#refill(decoder);
        assert(!this.#disposed, "the decoder was disposed of");
      } catch (error) {
        decoder?.dispose();
        if (!isOutside(error)) throw error;
        errors.push(error);
        continue;
      }
      this.#inner = decoder;
      this.#backend = decoder.backend;
      this.recovered.emit({
        backend: decoder.backend,
        remark: remark("device-replaced", { backend: decoder.backend }),
      });
      return decoder;
    }
    throw new Failure("unavailable", remark("device-lost", { reason: remarkOf(errors.at(-1)) }), {
      cause: new AggregateError(errors),
    });
  }

  #attempts(lost: BackendName): { admitted: BackendsAdmitted; pause: number }[] {
    const { tries, pause, losses } = this.#options;
    const givenUp = [...this.#losses].filter(([, count]) => count >= losses);
    const except = [...new Set([lost, ...givenUp.map(([name]) => name)])];
    const again = givenUp.some(([name]) => name === lost)
      ? []
      : Array.from({ length: tries }, (_, i) => ({
          admitted: { only: lost },
          pause: i === 0 ? 0 : pause * 2 ** (i - 1),
        }));
    return [...again, { admitted: { except }, pause: 0 }];
  }

  async #refill(decoder: Decoder): Promise<void> {
    const { prefixLength, refill } = this.#options;
    const from = Math.max(prefixLength, this.position - refill);
    const known = this.#history.slice(from, this.position);
    const { tokens, conditions } = joinRuns(this.#history.prefix, known);
    if (tokens.length > 0) await decoder.prefill(tokens, conditions);
    this.#shift = from - prefixLength;
  }
}

/** A failing device, not a mistake of ours: a named error, or what the browser throws when a device goes. */
function isOutside(error: unknown): boolean {
  return error instanceof Failure || error instanceof DOMException;
}
