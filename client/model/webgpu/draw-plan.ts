/**
 * Everything that drawing on the device needs besides the passes: the sampling program with its rules, the rows of
 * the embedding, records of the tokens to come, and the ids that come back. Made at the first draw, since only
 * adapters on which a read-back is dear have a use for it; after that a draw allocates nothing.
 */
import { assert } from "#base/assert.ts";
import type { FoldedEmbedding } from "#model/weights/folded-weights.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import {
  assertTokens,
  type DrawnRun,
  type DrawRequest,
  type DrawRules,
  MOST_DRAWN,
} from "../decoder.ts";
import { assertSampling, brokenLogits, COLDEST, SAMPLING_STREAM } from "../sampler.ts";
import { accepted, type DeviceMemory } from "./device-memory.ts";
import { embedRow } from "./embed-row.ts";
import { LogitsReadback } from "./logits-readback.ts";
import { NOT_DRAWN, sampleProgram } from "./sample-program.ts";
import type { TokenRecords } from "./token-record.ts";

/** Words of `How` in sample-program.ts, before its ways and for each of them. */
const HOW_WORDS = { all: 4, way: 8 } as const;

/** What a draw plan works on. */
export interface DrawParts {
  readonly memory: DeviceMemory;
  readonly architecture: Architecture;
  readonly embedding: FoldedEmbedding;
  readonly records: TokenRecords;
  /** Of a pass: (V) logits, the records of its tokens, (T, dim) stream. */
  readonly pass: {
    readonly logits: GPUBuffer;
    readonly tokens: GPUBuffer;
    readonly stream: GPUBuffer;
  };
  /** Invocations that draw, a power of 4. */
  readonly lanes: number;
}

/** Throws on a request that makes no sense. */
export function assertRequest(architecture: Architecture, request: DrawRequest): void {
  assertTokens(architecture, request);
  const { count, state, rules, ways } = request;
  for (const way of ways) assertSampling(way);
  assert(ways.length === rules.ways, `${ways.length} ways to draw, expected ${rules.ways}`);
  const groups = architecture.conditions?.length ?? 0;
  const { conditionGroups = 0 } = rules;
  assert(conditionGroups === groups, `rules of ${conditionGroups} conditions, expected ${groups}`);
  assert(
    Number.isInteger(count) && count >= 1 && count <= MOST_DRAWN,
    `count ${count}: expected an integer from 1 to ${MOST_DRAWN}`,
  );
  assert(
    state.length === rules.stateWords,
    `a state of ${state.length} words, expected ${rules.stateWords}`,
  );
}

/** See the header. Made by `createDrawPlan`; not re-entrant. */
export class DrawPlan {
  readonly rules: DrawRules;
  readonly #device: GPUDevice;
  readonly #records: TokenRecords;
  readonly #coming: ArrayBuffer;
  readonly #pipeline: GPUComputePipeline;
  readonly #bindings: GPUBindGroup;
  readonly #how: GPUBuffer;
  readonly #state: GPUBuffer;
  readonly #groups: number;
  readonly #drawn: GPUBuffer; // how many, then ids, (MOST_DRAWN, groups) conditions, surprises
  readonly #comingRecords: GPUBuffer;
  readonly #readback: LogitsReadback;

  constructor(parts: DrawParts, rules: DrawRules, pipeline: GPUComputePipeline) {
    const { memory, embedding, records, pass } = parts;
    this.rules = rules;
    this.#device = memory.device;
    this.#records = records;
    this.#coming = new ArrayBuffer(MOST_DRAWN * records.stride);
    this.#pipeline = pipeline;
    this.#how = memory.storage(HOW_WORDS.all + HOW_WORDS.way * rules.ways);
    this.#state = memory.storage(rules.stateWords);
    this.#groups = rules.conditionGroups ?? 0;
    const drawnWords = 1 + MOST_DRAWN * (2 + this.#groups);
    this.#drawn = memory.storage(drawnWords);
    this.#comingRecords = memory.storage(this.#coming.byteLength / 4);
    this.#readback = new LogitsReadback(memory, drawnWords);
    const { tokens: rows, conditions = new Float32Array(0) } = embedding;
    const table = memory.constant(rows.length + conditions.length, (all) => {
      all.set(rows);
      all.set(conditions, rows.length);
    });
    const buffers = [
      this.#how,
      pass.logits,
      this.#state,
      this.#drawn,
      table,
      this.#comingRecords,
      pass.tokens,
      pass.stream,
    ];
    this.#bindings = memory.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  /** Uploads what the draw needs. @param position of the first token drawn */
  prepare(request: DrawRequest, position: number): void {
    const { queue } = this.#device;
    queue.writeBuffer(this.#how, 0, howToDraw(request));
    queue.writeBuffer(this.#state, 0, request.state as Uint32Array<ArrayBuffer>);
    queue.writeBuffer(this.#drawn, 0, new Uint32Array(1));
    const { bytes, stride } = this.#records;
    const coming = new Uint8Array(this.#coming);
    for (let i = 0; i < request.count - 1; i++) {
      this.#records.fill(position + i, 1);
      coming.set(new Uint8Array(bytes, 0, stride), i * stride);
    }
    queue.writeBuffer(this.#comingRecords, 0, this.#coming, 0, (request.count - 1) * stride);
  }

  /** Records the draw of one token from the logits, and what its pass reads. */
  sample(pass: GPUComputePassEncoder): void {
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#bindings);
    pass.dispatchWorkgroups(1);
  }

  /** Records the copy of the ids, which comes last in a command buffer. */
  copy(encoder: GPUCommandEncoder): void {
    this.#readback.copy(encoder, this.#drawn);
  }

  /** What was drawn, once it is there. @throws Failure "unavailable" where logits were no numbers; DeviceLost */
  async read({ count, watchesSurprise = false }: DrawRequest): Promise<DrawnRun> {
    const { buffer } = await this.#readback.read();
    const words = new Uint32Array(buffer);
    const ids = [...words.subarray(1, 1 + count)];
    const first = ids.find((id) => id === NOT_DRAWN.broken || id === NOT_DRAWN.nothingAllowed);
    if (first === NOT_DRAWN.broken) throw brokenLogits();
    assert(first === undefined, "the rules allow no token, expected at least one");
    const groups = this.#groups;
    const conditionsOf = (index: number) => {
      const from = 1 + MOST_DRAWN + index * groups;
      return [...words.subarray(from, from + groups)];
    };
    const surprisesFrom = 1 + MOST_DRAWN * (1 + groups);
    const surprises = new Float32Array(buffer).subarray(surprisesFrom, surprisesFrom + count);
    return {
      tokens: ids,
      ...(groups > 0 && { conditions: ids.map((_, index) => conditionsOf(index)) }),
      ...(watchesSurprise && { surprises: [...surprises] }),
    };
  }
}

/** Compiles the program and makes the plan. @throws Failure "unavailable" where memory does not suffice. */
export async function createDrawPlan(parts: DrawParts, rules: DrawRules): Promise<DrawPlan> {
  const { device } = parts.memory;
  const { vocabulary, dim } = parts.architecture;
  const { conditionGroups = 0 } = rules;
  const sizes = { vocabulary, dim, recordWords: parts.records.stride / 4, conditionGroups };
  const place = embedRow(sizes, 4);
  const code = sampleProgram({ rules, vocabulary, lanes: parts.lanes }, place);
  const pipeline = await device.createComputePipelineAsync({
    label: "sample",
    layout: "auto",
    compute: { module: device.createShaderModule({ label: "sample", code }), entryPoint: "main" },
  });
  return accepted(device, () => new DrawPlan(parts, rules, pipeline));
}

/** `How` in sample-program.ts. */
function howToDraw({
  ways,
  seed,
  stream = SAMPLING_STREAM,
  counter,
  watchesSurprise,
}: DrawRequest): ArrayBuffer {
  const words = new Uint32Array(HOW_WORDS.all + HOW_WORDS.way * ways.length);
  const floats = new Float32Array(words.buffer);
  words.set([seed, stream, counter, watchesSurprise ? 1 : 0]);
  for (const [
    index,
    { temperature, topK = 0, topP = 1, minP = 0, stretch = 0, pull },
  ] of ways.entries()) {
    const at = HOW_WORDS.all + HOW_WORDS.way * index;
    const coldest = temperature < COLDEST;
    const reach = minP > 0 ? -temperature * Math.log(minP) : 0;
    const { to, by } = pull ?? { to: 0, by: 0 };
    const cut = coldest ? [1, 1, 0] : [1 / temperature, topP, reach];
    floats.set([...cut, to, by, stretch], at);
    words.set(coldest ? [0, 1] : [topK, 0], at + 6);
  }
  return words.buffer;
}
