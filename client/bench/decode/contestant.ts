/**
 * One decoder under measurement: opened and timed from the first moment, checked by the very tokens that are
 * timed, moved to where it is to be measured.
 */
import { assert } from "#base/assert.ts";
import { relativeError } from "#model/testing/tolerances.ts";
import type { Weights } from "#model/weights/weights.ts";
import { countCommands } from "./count-commands.ts";
import {
  type ContextReport,
  type DecodePlan,
  type DecoderReport,
  PREFIX_LENGTH,
  type Spread,
} from "./decode-plan.ts";
import { DECODERS, type DecoderEntry, type Opened } from "./decoders.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import { CHECKED_TOKENS, type Oracles } from "./oracles.ts";
import { timed } from "./spread.ts";

/** Milliseconds of a step from which on a decoder is slow: few steps, short prefills, no way to far contexts. */
const SLOW = 1000;
const PREFILL = { usual: 256, slow: 4 } as const;
/** Milliseconds after which a prefill to a far context stops, if the window has rolled over as a whole. */
const FAR_BUDGET = 90_000;
const FAR_ENOUGH = 1200;
/** What the way there may take at the pace of the measured prefill, or it is not begun. */
const FAR_LIMIT = 15_000;
/** A prefill that took longer is not timed again. */
const PREFILL_ONCE = 2000;
const FAR_PART = 256;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** See the header. */
export class Contestant {
  readonly name: string;
  readonly opened: Opened;
  readonly report: Writable<DecoderReport>;
  readonly #tokens: readonly number[];
  readonly #steps: Record<string, ContextReport> = {};
  #lastStep: number;

  private constructor(
    opened: Opened,
    tokens: readonly number[],
    lastStep: number,
    report: Omit<DecoderReport, "step" | "prefill">,
  ) {
    this.name = report.decoder;
    this.opened = opened;
    this.#tokens = tokens;
    this.#lastStep = lastStep;
    this.report = { ...report, step: this.#steps, prefill: { tokens: 0, milliseconds: 0 } };
  }

  /**
   * Opens, times the first token, checks.
   * @throws Failure "unsupported" where it does not run here; AssertionError if it is wrong.
   */
  static async open(
    name: string,
    plan: DecodePlan,
    weights: Weights,
    tokens: readonly number[],
    oracles: Oracles,
    memory: MemoryWatch,
  ): Promise<Contestant> {
    const entry = DECODERS[name];
    const before = memory.use;
    const start = performance.now();
    const opened = await entry.open(weights, plan);
    const { decoder, note, uncounted = 0 } = opened;
    const open = performance.now() - start - uncounted;
    const logits = [Float32Array.from(await decoder.prefill(tokens.slice(0, PREFIX_LENGTH)))];
    logits.push(Float32Array.from(await decoder.decodeStep(tokens[PREFIX_LENGTH])));
    const firstToken = performance.now() - start - uncounted;
    let lastStep = Number.POSITIVE_INFINITY;
    const next = async () => {
      const token = tokens[decoder.position];
      const time = await timed(async () =>
        logits.push(Float32Array.from(await decoder.decodeStep(token))),
      );
      lastStep = Math.min(lastStep, time);
    };
    const counted = entry.gpu ? await countCommands(next) : undefined;
    await next();
    while (lastStep < SLOW && decoder.position < CHECKED_TOKENS) await next();
    const after = memory.use;
    return new Contestant(opened, tokens, lastStep, {
      decoder: name,
      model: plan.model,
      ...errors(entry, logits, oracles, name),
      open,
      firstToken,
      ...counted,
      weightBytes: opened.weightBytes,
      deviceBytes: after.deviceBytes - before.deviceBytes,
      wasmBytes: after.wasmBytes - before.wasmBytes,
      ...(note !== undefined && { note }),
    });
  }

  /** Whether a token takes more than a second. */
  get isSlow(): boolean {
    return this.#lastStep > SLOW;
  }

  /** Times a prefill from the start, and leaves the decoder behind it. */
  async measurePrefill(): Promise<void> {
    const count = this.isSlow ? PREFILL.slow : PREFILL.usual;
    const once = () => {
      this.opened.decoder.truncate(0);
      return timed(() => this.opened.decoder.prefill(this.#tokens.slice(0, count)));
    };
    // The first may wait for kernels to be compiled.
    const first = await once();
    const milliseconds = first > PREFILL_ONCE ? first : Math.min(first, await once());
    this.report.prefill = { tokens: count, milliseconds };
  }

  /** Goes where `target` tokens were taken, or as far as time allows; false where it cannot. */
  async moveTo(target: number): Promise<boolean> {
    const { decoder, leap } = this.opened;
    const { contextLength } = decoder.architecture;
    if (decoder.position > target) decoder.truncate(target);
    if (this.isSlow && target - decoder.position > PREFILL.slow) {
      leap?.(target);
      return leap !== undefined;
    }
    const reachable = leap ? Math.min(target, contextLength - 1) : target;
    if (reachable > FAR_ENOUGH && this.#estimate(FAR_ENOUGH) > FAR_LIMIT) return false;
    const start = performance.now();
    while (decoder.position < reachable) {
      if (performance.now() - start > FAR_BUDGET && decoder.position >= FAR_ENOUGH) break;
      const end = Math.min(reachable, decoder.position + FAR_PART);
      await decoder.prefill(this.#take(decoder.position, end));
    }
    if (target > reachable) leap?.(target);
    return true;
  }

  /** One step from where it is, and back again. */
  step(): () => Promise<void> {
    const { decoder, leap } = this.opened;
    const { position } = decoder;
    const [token] = this.#take(position, position + 1);
    const back =
      leap && position >= decoder.architecture.contextLength - 1
        ? leap
        : (to: number) => decoder.truncate(to);
    return async () => {
      await decoder.decodeStep(token);
      back(position);
    };
  }

  /** Keeps the times of steps from where it is, and those of a twin that took turns with it. */
  keep(context: string, times: Spread, twin?: Spread): void {
    this.#lastStep = times.p50;
    const { position } = this.opened.decoder;
    this.#steps[context] = { ...times, position, ...(twin && { twin }) };
  }

  dispose(): void {
    this.opened.decoder.dispose();
  }

  /** Milliseconds that a prefill up to `position` will take. */
  #estimate(position: number): number {
    const { tokens, milliseconds } = this.report.prefill;
    return ((position - this.opened.decoder.position) * milliseconds) / tokens;
  }

  #take(from: number, to: number): number[] {
    return Array.from(
      { length: to - from },
      (_, i) => this.#tokens[(from + i) % this.#tokens.length],
    );
  }
}

/** Compares what came out of the first tokens. */
function errors(
  { oracle, tolerance }: DecoderEntry,
  logits: readonly Float32Array[],
  oracles: Oracles,
  name: string,
): Pick<DecoderReport, "error" | "ownError" | "tolerance"> {
  const against = (which: DecoderEntry["oracle"]) =>
    Math.max(
      ...logits.map((row, i) => relativeError(row, oracles.rows(which)[PREFIX_LENGTH - 1 + i])),
    );
  const error = against("reference");
  const decisive = oracle === "reference" ? error : against(oracle);
  assert(decisive < tolerance, `${name} is off by ${decisive}, more than ${tolerance}`);
  return { error, tolerance, ...(oracle !== "reference" && { ownError: decisive }) };
}
