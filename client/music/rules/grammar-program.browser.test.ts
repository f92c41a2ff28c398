/** The grammar's program on a device says of every token what the grammar says, whatever is drawn. */
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { drumsToken, leadToken, START, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { Constraint, type ConstraintSettings, NATURAL_RANGES } from "./constraint.ts";
import { type Allowances, ENDLESS, Grammar } from "./grammar.ts";
import { allowedNotes, GRAMMAR_PROGRAM, packGrammar } from "./grammar-program.ts";

const LANES = 16;
const NOTHING = 0xffffffff;

/** Takes one token on the device, then reads the mask. */
const program = /* wgsl */ `
const LANES = ${LANES}u;
@group(0) @binding(0) var<storage, read_write> state: array<u32, ${GRAMMAR_PROGRAM.stateWords}>;
@group(0) @binding(1) var<storage, read> taken: u32;
@group(0) @binding(2) var<storage, read_write> mask: array<u32, ${VOCABULARY_SIZE}>;
${GRAMMAR_PROGRAM.source}
@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane == 0u && taken != ${NOTHING}u) { take(taken); }
  storageBarrier();
  workgroupBarrier();
  look(lane);
  for (var token = lane; token < ${VOCABULARY_SIZE}u; token += LANES) {
    mask[token] = select(0u, 1u, allowed(token));
  }
}
`;

let device: GPUDevice;
let pipeline: GPUComputePipeline;
const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = globalThis.GPUBufferUsage ?? {};

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  device = await adapter!.requestDevice();
  device.addEventListener("uncapturederror", ({ error }) => {
    throw error;
  });
  pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: program }) },
  });
});

/** A piece on the device. */
class DevicePiece {
  readonly #state = buffer(4 * GRAMMAR_PROGRAM.stateWords, STORAGE | COPY_DST);
  readonly #taken = buffer(4, STORAGE | COPY_DST);
  readonly #mask = buffer(4 * VOCABULARY_SIZE, STORAGE | COPY_SRC);
  readonly #staging = buffer(4 * VOCABULARY_SIZE, MAP_READ | COPY_DST);

  begin(state: Uint32Array): Promise<number[]> {
    device.queue.writeBuffer(this.#state, 0, state as Uint32Array<ArrayBuffer>);
    return this.take(NOTHING);
  }

  /** Takes a token and returns the ids that may follow. */
  async take(token: number): Promise<number[]> {
    device.queue.writeBuffer(this.#taken, 0, new Uint32Array([token]));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const buffers = [this.#state, this.#taken, this.#mask];
    const entries = buffers.map((each, binding) => ({ binding, resource: { buffer: each } }));
    pass.setBindGroup(
      0,
      device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
    );
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(this.#mask, 0, this.#staging, 0, this.#staging.size);
    device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(GPUMapMode.READ);
    const mask = new Uint32Array(this.#staging.getMappedRange()).slice();
    this.#staging.unmap();
    return ids(mask);
  }
}

const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage });
const ids = (mask: ArrayLike<number>): number[] =>
  Array.from(mask, (allowed, id) => (allowed === 1 ? id : -1)).filter((id) => id >= 0);

/** One octave each: notes that still sound soon block the way. */
const narrow = NATURAL_RANGES.map(([low]) => [low, low + 12] as const);
const CASES: Record<string, { settings: ConstraintSettings; allowances: Allowances }> = {
  "all instruments": { settings: { lead: 0, drums: true }, allowances: ENDLESS },
  "a band and a key": {
    settings: { lead: 3, drums: true, band: [2, 5], key: { tonic: 2, scale: "minor" } },
    allowances: { ...ENDLESS, longestRest: 32 },
  },
  "a narrow lead alone": {
    settings: { lead: 8, drums: false, band: [], ranges: narrow },
    allowances: { ...ENDLESS, longestRest: 4 },
  },
  "a rest to wait for": {
    settings: { lead: 5, drums: false, band: [], ranges: narrow },
    allowances: { ...ENDLESS, longestRest: 32, shortestRest: 40 },
  },
  "few notes a bar": {
    settings: { lead: 0, drums: true, density: 11 },
    allowances: { ...ENDLESS, longestRest: 8 },
  },
};

describe("the grammar's program", () => {
  it.each(Object.entries(CASES))(
    "agrees with the grammar, %s",
    async (_, { settings, allowances }) => {
      const random = new Random(9);
      const piece = new DevicePiece();
      for (let round = 0; round < 4; round++) {
        const grammar = new Grammar();
        const constraint = new Constraint(settings);
        for (const id of [START, drumsToken(settings.drums), leadToken(settings.lead)])
          grammar.push(id, constraint);
        const allowed = allowedNotes(constraint, grammar.onset);
        // What the constraint would say differently after an event is not the program's to know.
        const filter = {
          fill: (to: Uint8Array) => to.set(allowed),
          push: constraint.push.bind(constraint),
          get densityLimit() {
            return constraint.densityLimit;
          },
        };
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

  it("is refused a piece that has not begun, and one that may end", () => {
    const grammar = new Grammar();
    const allowed = allowedNotes(undefined, 0);
    expect(() => packGrammar(grammar, allowed, ENDLESS)).toThrow(/not begun/);
    for (const id of [START, 3073, 3075]) grammar.push(id);
    expect(() => packGrammar(grammar, allowed, { ...ENDLESS, start: true })).toThrow(/end/);
    expect(() => packGrammar(grammar, allowed, { ...ENDLESS, outro: true })).toThrow(/end/);
  });
});
