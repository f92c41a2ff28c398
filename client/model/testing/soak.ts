/**
 * Hours of playing in a minute, the same for every backend: tokens drawn one by one or taken in bulk, taken
 * back, begun again under another heading (what a change of the lead does), and the device lost at any time.
 * At random points the logits are held against the oracle, computed from nothing but the tokens; whoever
 * calls counts what is alive (tensors, buffers), and soak sees to it that it stays the same.
 */
import { assert } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import type { Decoder } from "#model/decoder.ts";
import { type RecoveringDecoder, recovering } from "#model/recovering-decoder.ts";
import { type SampleOptions, sample } from "#model/sampler.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import type { Weights } from "#model/weights/weights.ts";
import { endless } from "#model/window/context-window.ts";
import type { TokenConditions } from "../token-run.ts";
import { conditionsOf, SMALL_GROUPS } from "./conditions-of.ts";
import type { Oracle } from "./decoder-contract.ts";
import { randomWeights } from "./random-weights.ts";
import { relativeError } from "./tolerances.ts";

/** Models that are soaked: by their positions, and whether tokens carry conditions. */
export type SoakedModel = Architecture["positions"] | `conditioned ${Architecture["positions"]}`;

/** A model small enough that hours of playing pass in a minute. */
export function soakedWeights(model: SoakedModel): Weights {
  return randomWeights(
    {
      vocabulary: 60,
      dim: 16,
      depth: 2,
      heads: 2,
      headDim: 8,
      feedForward: 32,
      contextLength: 48,
      positions: model.endsWith("rotary") ? "rotary" : "absolute",
      ...(model.startsWith("conditioned") && { conditions: SMALL_GROUPS }),
    },
    1,
  );
}

/** What is soaked. */
export interface SoakSubject {
  readonly weights: Weights;
  /** A decoder on a device of its own, as far as `lose` is concerned, and how to take that away. */
  make(options: {
    prefixLength: number;
    slack: number;
  }): Promise<{ decoder: Decoder; lose(): void }>;
  readonly oracle: Oracle;
  /** See tolerances.ts. */
  readonly tolerance: number;
  /** What is alive now, in numbers that must not change while one decoder is open. */
  alive(): Readonly<Record<string, number>>;
}

/** What happened. */
export interface SoakReport {
  readonly tokens: number;
  readonly checks: number;
  readonly truncations: number;
  readonly restarts: number;
  readonly losses: number;
  /** Changes of what tokens are drawn by: temperature, top-p, which are allowed. */
  readonly changes: number;
  /** Largest relative error of a check. */
  readonly worst: number;
  /** Draws in which the logits' token was not the oracle's; rounding may decide a draw, rarely. */
  readonly otherDraws: number;
}

const PREFIX = 3;
const PERIOD = 3;
const SLACK = 24;

/**
 * Takes `steps` tokens with everything else that happens; the same for the same seed.
 * @throws AssertionError at the first logits that differ from the oracle's, or once something leaks.
 */
export async function soak(subject: SoakSubject, steps: number, seed: number): Promise<SoakReport> {
  const run = new Soak(subject, seed);
  await run.open();
  try {
    return await run.go(steps);
  } finally {
    run.dispose();
  }
}

class Soak {
  readonly #subject: SoakSubject;
  readonly #random: Random;
  readonly #opened: RecoveringDecoder[] = [];
  readonly #newest: { lose(): void }[] = [];
  #decoder: Decoder | undefined;
  #tokens: number[] = [];
  #logits: Float32Array = new Float32Array(0);
  #controls: Pick<SampleOptions, "temperature" | "topP" | "mask"> = { temperature: 1, topP: 0.98 };
  readonly #report = {
    tokens: 0,
    checks: 0,
    truncations: 0,
    restarts: 0,
    losses: 0,
    changes: 0,
    worst: 0,
    otherDraws: 0,
  };

  constructor(subject: SoakSubject, seed: number) {
    this.#subject = subject;
    this.#random = new Random(seed);
  }

  async open(): Promise<void> {
    const first = await this.#recovering(0);
    this.#decoder = first;
    if (this.#subject.weights.architecture.positions === "rotary") return;
    const options = { prefixLength: PREFIX, period: PERIOD, spare: await this.#recovering(1) };
    this.#decoder = endless(first, options);
  }

  dispose(): void {
    this.#decoder?.dispose();
  }

  async go(steps: number): Promise<SoakReport> {
    await this.#restart();
    let alive: Readonly<Record<string, number>> | undefined;
    while (this.#report.tokens < steps) {
      const chance = this.#random.next();
      if (chance < 0.02) this.#lose();
      else if (chance < 0.07) await this.#restart();
      else if (chance < 0.22) await this.#truncate();
      else if (chance < 0.27) this.#change();
      else if (chance < 0.32) await this.#take(this.#draw(1 + this.#random.integer(80)));
      else await this.#compose(1 + this.#random.integer(40));
      if (this.#random.next() < 0.5) this.#check();
      // Once everything was used that is made at its first use.
      if (this.#report.tokens < steps / 10) continue;
      alive ??= this.#subject.alive();
      this.#assertAlive(alive);
    }
    this.#check();
    return this.#report;
  }

  async #recovering(index: number): Promise<RecoveringDecoder> {
    const opened = await recovering(
      async () => {
        const made = await this.#subject.make({ prefixLength: PREFIX, slack: SLACK });
        this.#newest[index] = made;
        return { decoder: made.decoder, remarks: [] };
      },
      { prefixLength: PREFIX, pause: 0, losses: Number.POSITIVE_INFINITY },
    );
    this.#opened.push(opened);
    return opened;
  }

  get #open(): Decoder {
    assert(this.#decoder !== undefined, "open before soaking");
    return this.#decoder;
  }

  #draw(count: number): number[] {
    const { vocabulary } = this.#subject.weights.architecture;
    return Array.from({ length: count }, () => this.#random.integer(vocabulary));
  }

  async #take(tokens: readonly number[]): Promise<void> {
    this.#tokens.push(...tokens);
    this.#logits = await this.#open.prefill(tokens, this.#given(tokens));
    this.#report.tokens += tokens.length;
    const { position } = this.#open;
    assert(position === this.#tokens.length, `position ${position}: not ${this.#tokens.length}`);
  }

  async #compose(count: number): Promise<void> {
    for (let step = 0; step < count; step++) {
      const token = this.#sampled(this.#logits);
      this.#tokens.push(token);
      this.#logits = await this.#open.decodeStep(token, this.#given([token])?.[0]);
    }
    this.#report.tokens += count;
  }

  #given(tokens: readonly number[]): TokenConditions[] | undefined {
    return conditionsOf(this.#subject.weights.architecture, tokens);
  }

  #sampled(logits: Float32Array): number {
    return sample(logits, { ...this.#controls, seed: 1, counter: this.#tokens.length });
  }

  /** Goes back as a retake does, and takes the last token anew for its logits. */
  async #truncate(): Promise<void> {
    const oldest = Math.max(1, this.#open.oldestPosition);
    const reach = this.#tokens.length - oldest;
    const position = oldest + this.#random.integer(reach + 1);
    const back = this.#tokens[position - 1];
    // One less may be out of reach: then the newest token is another one.
    const exact = position - 1 >= this.#open.oldestPosition;
    this.#open.truncate(exact ? position - 1 : position);
    this.#tokens.length = exact ? position - 1 : position;
    await this.#take(exact ? [back] : this.#draw(1));
    this.#report.truncations++;
  }

  /** Another heading, followed by the newest history. */
  async #restart(): Promise<void> {
    const carried = this.#tokens.slice(PREFIX).slice(-this.#random.integer(40));
    this.#open.truncate(0);
    this.#tokens = [];
    await this.#take([...this.#draw(PREFIX), ...carried]);
    this.#report.restarts++;
  }

  #change(): void {
    const { vocabulary } = this.#subject.weights.architecture;
    const mask = Uint8Array.from({ length: vocabulary }, () => this.#random.integer(2));
    mask[this.#random.integer(vocabulary)] = 1;
    const temperature = 0.2 + 1.5 * this.#random.next();
    this.#controls = { temperature, topP: 0.5 + 0.5 * this.#random.next(), mask };
    this.#report.changes++;
  }

  #lose(): void {
    for (const { lose } of this.#newest) lose();
    this.#report.losses++;
  }

  #check(): void {
    const { oracle, tolerance, weights } = this.#subject;
    const from = weights.architecture.positions === "rotary" ? this.#seenFrom : this.#windowStart;
    const seen = [...this.#tokens.slice(0, PREFIX), ...this.#tokens.slice(from)];
    const expected = Float32Array.from(oracle.onePass(seen, this.#given(seen))[seen.length - 1]);
    const error = relativeError(this.#logits, expected);
    const report = this.#report;
    assert(
      error < tolerance,
      `logits after ${this.#tokens.length} tokens differ by ${error}, more than ${tolerance}: ${JSON.stringify(report)}`,
    );
    report.worst = Math.max(report.worst, error);
    report.checks++;
    if (this.#sampled(this.#logits) !== this.#sampled(expected)) report.otherDraws++;
  }

  /** The oldest token that a rolling cache can have to do with: a context back for every layer. */
  get #seenFrom(): number {
    const { contextLength, depth } = this.#subject.weights.architecture;
    const { rememberedFrom } = this.#opened[0];
    return Math.max(rememberedFrom, this.#tokens.length - depth * contextLength, PREFIX);
  }

  /** Said apart from `ContextWindow`: windows move by half of what is not prefix, in whole events. */
  get #windowStart(): number {
    const { contextLength } = this.#subject.weights.architecture;
    const hop = PERIOD * Math.ceil((contextLength - PREFIX) / 2 / PERIOD);
    let start = PREFIX;
    while (PREFIX + this.#tokens.length - start > contextLength) start += hop;
    return start;
  }

  #assertAlive(expected: Readonly<Record<string, number>>): void {
    for (const [what, count] of Object.entries(this.#subject.alive()))
      assert(
        count === expected[what],
        `${count} ${what} after ${this.#report.tokens} tokens, expected ${expected[what]} as before`,
      );
  }
}
