/** The grammar's program on a device says of every token what the grammar says, whatever is drawn. */
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import {
  barsOf,
  type Chart,
  type ChartBar,
  type ChartChord,
  QUALITIES,
} from "#music/chart/chart.ts";
import { conditionsAt, STYLES } from "#music/chart/conditions.ts";
import type { Instrument } from "#music/instrument.ts";
import { MetreMap, OFFERED_METRES } from "#music/metre.ts";
import {
  DURATION_BASE,
  drumsToken,
  leadToken,
  MAX_DELTA,
  MAX_DURATION,
  NOTE_BASE,
  START,
  VELOCITY_BUCKETS,
  VOCABULARY_SIZE,
} from "#music/tokens/vocabulary.ts";
import { packAllowed } from "./allowed-table.ts";
import { CHORD_LOCKS } from "./chart-rules.ts";
import { Constraint, type ConstraintSettings } from "./constraint.ts";
import { type Allowances, ENDLESS, Grammar } from "./grammar.ts";
import { CHARTED_GRAMMAR_PROGRAM, GRAMMAR_PROGRAM, packGrammar } from "./grammar-program.ts";
import { GRIDS } from "./grid.ts";
import { NATURAL_RANGES } from "./natural-ranges.ts";
import type { NoteFilter } from "./note-filter.ts";

const LANES = 16;
const NOTHING = 0xffffffff;

type Program = typeof GRAMMAR_PROGRAM | typeof CHARTED_GRAMMAR_PROGRAM;

/** Takes one token on the device, then reads the mask, and behind it the conditions of that token. */
const code = ({ source, stateWords, conditionGroups }: Program) => /* wgsl */ `
const LANES = ${LANES}u;
@group(0) @binding(0) var<storage, read_write> state: array<u32, ${stateWords}>;
@group(0) @binding(1) var<storage, read> taken: u32;
@group(0) @binding(2) var<storage, read_write> mask: array<u32, ${VOCABULARY_SIZE + conditionGroups}>;
${source}
@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane == 0u && taken != ${NOTHING}u) { take(taken); }
  ${conditionGroups > 0 ? `if (lane == 0u) { for (var group = 0u; group < ${conditionGroups}u; group++) { mask[${VOCABULARY_SIZE}u + group] = conditionRow(group); } }` : ""}
  storageBarrier();
  workgroupBarrier();
  look(lane);
  for (var token = lane; token < ${VOCABULARY_SIZE}u; token += LANES) {
    mask[token] = select(0u, 1u, allowed(token));
  }
}
`;

let device: GPUDevice;
const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = globalThis.GPUBufferUsage ?? {};

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  device = await adapter!.requestDevice();
  device.addEventListener("uncapturederror", ({ error }) => {
    throw error;
  });
});

const compile = (program: Program) =>
  device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: code(program) }) },
  });

/** A piece on the device. */
class DevicePiece {
  readonly #pipeline: GPUComputePipeline;
  readonly #state: GPUBuffer;
  readonly #taken = buffer(4, STORAGE | COPY_DST);
  readonly #mask: GPUBuffer;
  readonly #staging: GPUBuffer;
  /** What the token taken last carries, where the program reads a chart. */
  conditions: number[] = [];

  constructor(program: Program, pipeline: GPUComputePipeline) {
    const words = VOCABULARY_SIZE + program.conditionGroups;
    this.#pipeline = pipeline;
    this.#state = buffer(4 * program.stateWords, STORAGE | COPY_DST);
    this.#mask = buffer(4 * words, STORAGE | COPY_SRC);
    this.#staging = buffer(4 * words, MAP_READ | COPY_DST);
  }

  static async of(program: Program): Promise<DevicePiece> {
    return new DevicePiece(program, await compile(program));
  }

  begin(state: Uint32Array): Promise<number[]> {
    device.queue.writeBuffer(this.#state, 0, state as Uint32Array<ArrayBuffer>);
    return this.take(NOTHING);
  }

  /** Takes a token and returns the ids that may follow. */
  async take(token: number): Promise<number[]> {
    device.queue.writeBuffer(this.#taken, 0, new Uint32Array([token]));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    const buffers = [this.#state, this.#taken, this.#mask];
    const entries = buffers.map((each, binding) => ({ binding, resource: { buffer: each } }));
    pass.setBindGroup(
      0,
      device.createBindGroup({ layout: this.#pipeline.getBindGroupLayout(0), entries }),
    );
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(this.#mask, 0, this.#staging, 0, this.#staging.size);
    device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(GPUMapMode.READ);
    const mask = new Uint32Array(this.#staging.getMappedRange()).slice();
    this.#staging.unmap();
    this.conditions = [...mask.subarray(VOCABULARY_SIZE)];
    return ids(mask.subarray(0, VOCABULARY_SIZE));
  }
}

const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage });
const ids = (mask: ArrayLike<number>): number[] =>
  Array.from(mask, (allowed, id) => (allowed === 1 ? id : -1)).filter((id) => id >= 0);

/** One octave each: notes that still sound soon block the way. */
const narrow = NATURAL_RANGES.map(([low]) => ({ register: [low, low + 12] as const }));
const CASES: Record<string, { settings: ConstraintSettings; allowances: Allowances }> = {
  "all instruments": { settings: { lead: 0, drums: true }, allowances: ENDLESS },
  "a band and a key": {
    settings: { lead: 3, drums: true, band: [2, 5], key: { tonic: 2, scale: "minor" } },
    allowances: { ...ENDLESS, longestRest: 32 },
  },
  "a narrow lead alone": {
    settings: { lead: 8, drums: false, band: [], parts: narrow },
    allowances: { ...ENDLESS, longestRest: 4 },
  },
  "a rest to wait for": {
    settings: { lead: 5, drums: false, band: [], parts: narrow },
    allowances: { ...ENDLESS, longestRest: 32, shortestRest: 40 },
  },
  "few notes a bar": {
    settings: { lead: 0, drums: true, density: 11 },
    allowances: { ...ENDLESS, longestRest: 8 },
  },
};

/** A chart with a few changes of metre, of which much is open. */
function randomChart(random: Random): Chart {
  const open = <T>(value: T): T | undefined => (random.next() < 0.4 ? undefined : value);
  const chord = (): ChartChord =>
    open(
      random.next() < 0.2
        ? "none"
        : { root: random.integer(12), quality: QUALITIES[random.integer(QUALITIES.length)] },
    );
  const bar = (): ChartBar => ({
    chords: [chord(), chord()],
    density: open(random.integer(8)),
    drumDensity: open(random.integer(8)),
    energy: open(random.integer(8)),
    novelty: open(random.integer(5)),
    leader: open(random.integer(12)) as Instrument | undefined,
    players: Array.from({ length: 12 }, () => open(random.next() < 0.5)),
  });
  let step = 0;
  const points = Array.from({ length: 1 + random.integer(5) }, () => {
    const metre = { numerator: 1 + random.integer(13), denominator: 2 ** random.integer(7) };
    const point = { step, metre };
    step += 1 + random.integer(200);
    return point;
  });
  return {
    metres: new MetreMap(points),
    bars: Array.from({ length: random.integer(20) }, bar),
    style: open(random.integer(STYLES.length)),
  };
}

/** A filter as it is now, which does not listen: what it would say differently after an event is not the program's to know. */
function frozen(constraint: Constraint, onset: number) {
  const now = constraint.clone();
  const filter: NoteFilter = {
    fill: now.fill.bind(now),
    hold: now.hold.bind(now),
    changesAfter: now.changesAfter.bind(now),
    push: constraint.push.bind(constraint),
    get densityLimit() {
      return constraint.densityLimit;
    },
  };
  return { filter, allowed: packAllowed(filter, onset) };
}

describe("the grammar's program", () => {
  it.each(Object.entries(CASES))(
    "agrees with the grammar, %s",
    async (_, { settings, allowances }) => {
      const random = new Random(9);
      const piece = await DevicePiece.of(GRAMMAR_PROGRAM);
      for (let round = 0; round < 4; round++) {
        const grammar = new Grammar();
        const constraint = new Constraint(settings);
        for (const id of [START, drumsToken(settings.drums), leadToken(settings.lead)])
          grammar.push(id, constraint);
        const { filter, allowed } = frozen(constraint, grammar.onset);
        let { shortestRest = 0 } = allowances;
        const pack = () =>
          packGrammar(grammar, allowed, { ...allowances, shortestRest }, constraint.densityLimit);
        let onDevice = await piece.begin(pack());
        for (let step = 0; step < 60; step++) {
          const mask = new Uint8Array(VOCABULARY_SIZE);
          grammar.fillMask(mask, filter, { ...allowances, shortestRest });
          const expected = ids(mask);
          expect(onDevice).toEqual(expected);
          // Extremes often: chords without end, the longest rests and notes.
          const choice = [0, expected.length - 1, random.integer(expected.length)][
            (round + step) % 3
          ];
          const token = round === 0 ? expected[0] : expected[choice];
          if (grammar.expects === "event") shortestRest = Math.max(0, shortestRest - token);
          grammar.push(token, filter);
          // Now and then the state is packed anew, where no debt is being paid in the middle of an event.
          const packs = settings.density === undefined || grammar.expects === "event";
          onDevice = step % 17 > 13 && packs ? await piece.begin(pack()) : await piece.take(token);
        }
      }
    },
  );

  it.each(CHORD_LOCKS)(
    "agrees where other notes are allowed from a step on: %s",
    async (chordLock) => {
      const random = new Random(12);
      const piece = await DevicePiece.of(GRAMMAR_PROGRAM);
      const allowances = { ...ENDLESS, longestRest: 24 };
      const reach = 24 + MAX_DURATION;
      for (let round = 0; round < 4; round++) {
        const chart = {
          ...randomChart(random),
          metres: MetreMap.of(OFFERED_METRES[3 * (round % 3)]),
        };
        const grid = GRIDS[(round + CHORD_LOCKS.indexOf(chordLock)) % GRIDS.length];
        const parts = NATURAL_RANGES.map(() => ({ polyphony: 2, density: 12 }));
        const more = [{}, { density: 20 }, { grid }, { grid, parts }][round];
        const settings = { lead: 3, drums: true, chordLock, ...more };
        const constraint = new Constraint(settings, barsOf(chart));
        const grammar = new Grammar();
        for (const id of [START, drumsToken(true), leadToken(3)]) grammar.push(id, constraint);
        let { filter, allowed } = frozen(constraint, 0);
        const pack = () => packGrammar(grammar, allowed, allowances, constraint.densityLimit);
        let onDevice = await piece.begin(pack());
        for (let step = 0; step < 90; step++) {
          const mask = new Uint8Array(VOCABULARY_SIZE);
          grammar.fillMask(mask, filter, allowances);
          const expected = ids(mask);
          expect(onDevice).toEqual(expected);
          const may = grammar.expects === "event" ? expected.filter((id) => id < 40) : expected;
          const choice = [0, may.length - 1, random.integer(may.length)][(round + step) % 3];
          grammar.push(may[choice], filter);
          onDevice = await piece.take(may[choice]);
          if (grammar.expects !== "event" || grammar.onset + reach < allowed.until) continue;
          ({ filter, allowed } = frozen(constraint, grammar.onset));
          expect(grammar.onset + reach).toBeLessThan(allowed.until);
          onDevice = await piece.begin(pack());
        }
      }
    },
  );

  it("gives every token the conditions of its event, for any chart and metres", async () => {
    const piece = await DevicePiece.of(CHARTED_GRAMMAR_PROGRAM);
    const random = new Random(10);
    for (let round = 0; round < 12; round++) {
      const chart = barsOf(randomChart(random));
      const grammar = new Grammar();
      for (const id of [START, drumsToken(true), leadToken(0)]) grammar.push(id);
      const allowed = packAllowed(undefined, 0);
      const pack = () => packGrammar(grammar, allowed, ENDLESS, undefined, chart);
      await piece.begin(pack());
      // As many tokens as are drawn at once, with rests that the table is long enough for.
      for (let step = 0; step < 48; step++) {
        const mask = new Uint8Array(VOCABULARY_SIZE);
        grammar.fillMask(mask, undefined, ENDLESS);
        const may = ids(mask).filter((id) => grammar.expects !== "event" || id < 48);
        const token = may[random.integer(may.length)];
        grammar.push(token);
        await piece.take(token);
        expect(piece.conditions).toEqual(conditionsAt(chart, grammar.onset));
        if (step % 17 > 13) {
          await piece.begin(pack());
          expect(piece.conditions).toEqual(conditionsAt(chart, grammar.onset));
        }
      }
    }
  });

  it.each([
    { numerator: 1, denominator: 32 },
    { numerator: 3, denominator: 64 },
    { numerator: 4, denominator: 4 },
  ])("reaches the longest rest in bars of $numerator/$denominator", async (metre) => {
    const piece = await DevicePiece.of(CHARTED_GRAMMAR_PROGRAM);
    const chart = barsOf({ metres: MetreMap.of(metre), bars: [] });
    const grammar = new Grammar();
    const allowed = packAllowed(undefined, 0);
    for (const id of [START, drumsToken(true), leadToken(0)]) grammar.push(id);
    for (let event = 0; event < 8; event++) {
      await piece.begin(packGrammar(grammar, allowed, ENDLESS, undefined, chart));
      for (const id of [MAX_DELTA, DURATION_BASE + VELOCITY_BUCKETS, NOTE_BASE + event]) {
        grammar.push(id);
        await piece.take(id);
        expect(piece.conditions).toEqual(conditionsAt(chart, grammar.onset));
      }
    }
  });

  it("is refused a piece that has not begun, and one that may end", () => {
    const grammar = new Grammar();
    const allowed = packAllowed(undefined, 0);
    expect(() => packGrammar(grammar, allowed, ENDLESS)).toThrow(/not begun/);
    for (const id of [START, 3073, 3075]) grammar.push(id);
    expect(() => packGrammar(grammar, allowed, { ...ENDLESS, start: true })).toThrow(/end/);
    expect(() => packGrammar(grammar, allowed, { ...ENDLESS, outro: true })).toThrow(/end/);
  });
});
