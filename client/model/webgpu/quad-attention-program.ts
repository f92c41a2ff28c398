/**
 * Attention of one layer over the cache in place, of four tokens at once by the four invocations of a quad: the
 * sequences of a batch, or neighbours in a prefill. What several of them see is read once for all: in turn t an
 * invocation serves the query of number `inQuad ^ t`, handed over by a quad swap as in quad-product.ts, and at the
 * end gets its own query's part back from the others the same way. Each takes every fourth group of slots. For CPU
 * adapters, which read every number of every invocation apart.
 *
 * Inputs, output and tolerance as in attention-program.ts; of a batch, the record behind the last token's tells what
 * of the shared past is seen. One workgroup: one head of four tokens.
 */
import { range } from "./lanes.ts";
import { QUAD, swapped } from "./quad.ts";
import { RUNS } from "./slot-runs.ts";
import { type AttentionSizes, attentionBindings, HIDDEN } from "./visible-slots.ts";

const turns = range(QUAD);

/** Makes weights of scores, and adds them up. */
const weigh = (
  t: number,
): string => /* wgsl */ `let share${t} = exp(shares[i * ${QUAD}u + ${t}u] - high${t});
    shares[i * ${QUAD}u + ${t}u] = share${t};
    sum${t} += dot(share${t}, vec4f(1.0));`;

/** What the others hold for this one's query, joined. @param value of turn t. */
const gathered = (value: (t: number) => string, join: (a: string, b: string) => string): string =>
  turns.map((t) => swapped(value(t), t)).reduce(join);

const plus = (a: string, b: string) => `${a} + ${b}`;
const max = (a: string, b: string) => `max(${a}, ${b})`;

/** WGSL source. */
export function quadAttentionProgram(sizes: AttentionSizes): string {
  const { batch, slots } = sizes;
  const { heads, headDim, contextLength } = sizes.architecture;
  const headQuads = headDim / 4;
  const inner = heads * headQuads;
  // Runs that four neighbours see may between them cover the whole ring, once it wraps.
  const most = Math.ceil((slots + contextLength) / (4 * QUAD)) + 4 * RUNS;
  const last = batch ? `${batch.sequences - 1}u` : "(tokens[0].count - 1u)";
  const together = [4, 2, 1].find((count) => headQuads % count === 0) ?? 1;
  const each = range(together);
  const parts = batch ? ["shared", "own"] : ["shared"];
  return /* wgsl */ `enable subgroups;
${attentionBindings(sizes)}
@compute @workgroup_size(${QUAD})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let inQuad = lane % ${QUAD}u;
  let head = workgroup.x;
  let first = workgroup.y * ${QUAD}u;
  let mine = min(first + inQuad, ${last});
  ${turns.map((t) => `let token${t} = min(first + (inQuad ^ ${t}u), ${last});`).join(" ")}
  // Scores, then weights, of four queries each, and where those slots are.
  var shares: array<vec4f, ${QUAD * most}>;
  var groupOf: array<u32, ${most}>;
  var count = 0u;
  ${turns.map((t) => `var high${t} = ${HIDDEN};`).join(" ")}
  ${batch ? scoreShared(sizes, batch.sequences) : scoreNeighbours(sizes, last)}
  let inShared = count;
  ${batch ? scoreOwn(sizes, batch.tail) : ""}

  let highest = ${gathered((t) => `high${t}`, max)};
  ${turns.map((t) => `high${t} = ${swapped("highest", t)}; var sum${t} = 0.0;`).join(" ")}
  for (var i = 0u; i < count; i++) {
    ${turns.map(weigh).join("\n    ")}
  }
  let sum = ${gathered((t) => `sum${t}`, plus)};

  for (var quad = 0u; quad < ${headQuads}u; quad += ${together}u) {
    let row = head * ${headQuads}u + quad;
    ${turns.map((t) => each.map((q) => `var mix${t}_${q} = vec4f();`).join(" ")).join(" ")}
    ${parts.map((part) => mixValues(sizes, part === "own", each)).join("\n    ")}
    ${each.map((q) => `let mix${q} = ${gathered((t) => `mix${t}_${q}`, plus)};`).join("\n    ")}
    if (first + inQuad <= ${last}) {
      ${each.map((q) => `mixed[mine * ${inner}u + row + ${q}u] = mix${q} / sum;`).join("\n      ")}
    }
  }
}
`;
}

/** How to walk the slots of one part: the past that is shared, or what is each sequence's own. */
interface Walk {
  /** WGSL that declares `seen`, the run number `run` that is walked, alike for all. */
  readonly bounds: string;
  /** Name of the run that the query of turn t sees of it. */
  readonly seenBy: (t: number) => string;
  /** Groups of a row of slots. */
  readonly rowGroups: number;
  /** Whether keys lie `own<t>` groups apart. */
  readonly own: boolean;
}

/** Scores of all groups; those of a run are walked together, since all four take part in every swap. */
function score(sizes: AttentionSizes, { bounds, seenBy, rowGroups, own }: Walk): string {
  const { heads, headDim } = sizes.architecture;
  const headQuads = headDim / 4;
  const inner = heads * headQuads;
  const key = (t: number) => (own ? `keys[at + own${t}]` : "key");
  const keep = (
    t: number,
  ) => /* wgsl */ `let isSeen${t} = (slots >= vec4u(${seenBy(t)}.x)) & (slots < vec4u(${seenBy(t)}.y));
      scores${t} = select(vec4f(${HIDDEN}), scores${t}, isSeen${t});
      shares[count * ${QUAD}u + ${t}u] = scores${t};
      high${t} = max(high${t}, max(max(scores${t}.x, scores${t}.y), max(scores${t}.z, scores${t}.w)));`;
  return /* wgsl */ `for (var run = 0u; run < ${RUNS}u; run++) {
    ${bounds}
    if (seen.y <= seen.x) { continue; }
    let query = mine * ${2 * inner}u + select(${inner}u, 0u, run == 0u) + head * ${headQuads}u;
    for (var next = seen.x / 4u; next * 4u < seen.y; next += ${QUAD}u) {
      let group = next + inQuad;
      var at = head * ${headQuads * rowGroups}u + group;
      ${turns.map((t) => `var scores${t} = vec4f();`).join(" ")}
      for (var quad = 0u; quad < ${headQuads}u; quad++) {
        let read = queries[query + quad];
        ${own ? "" : "let key = keys[at];"}
        ${turns.map((t) => `scores${t} += ${swapped("read", t)} * ${key(t)};`).join(" ")}
        at += ${rowGroups}u;
      }
      let slots = group * 4u + vec4u(0u, 1u, 2u, 3u);
      ${turns.map(keep).join("\n      ")}
      groupOf[count] = group;
      count++;
    }
  }`;
}

/** The past of a batch, of which all see the same. */
const scoreShared = (sizes: AttentionSizes, sequences: number): string =>
  score(sizes, {
    bounds: `let seen = tokens[${sequences}].runs[run];`,
    seenBy: () => "seen",
    rowGroups: sizes.slots / 4,
    own: false,
  });

/** What neighbours see: between them a little more than each of them. */
const scoreNeighbours = (sizes: AttentionSizes, last: string): string =>
  score(sizes, {
    bounds: `var seen = vec2u(0xffffffffu, 0u);
    for (var i = first; i < first + ${QUAD}u; i++) {
      let its = tokens[min(i, ${last})].runs[run];
      if (its.y > its.x) { seen = vec2u(min(seen.x, its.x), max(seen.y, its.y)); }
    }
    ${turns.map((t) => `let seen${t} = tokens[token${t}].runs[run];`).join(" ")}`,
    seenBy: (t) => `seen${t}`,
    rowGroups: sizes.slots / 4,
    own: false,
  });

/** The tails of a batch, all alike but for where they begin. */
function scoreOwn(sizes: AttentionSizes, tail: number): string {
  const { heads, headDim } = sizes.architecture;
  const from = (heads * headDim * sizes.slots) / 16;
  const apart = (heads * headDim * tail) / 16;
  const walk = score(sizes, {
    bounds: `let seen = tokens[0].runs[run] - vec2u(${4 * from}u);`,
    seenBy: () => "seen",
    rowGroups: tail / 4,
    own: true,
  });
  const own = (t: number) => `let own${t} = ${from}u + token${t} * ${apart}u;`;
  return `${turns.map(own).join(" ")}
  ${walk}`;
}

/** Adds the values of one part to the mixes. */
function mixValues(sizes: AttentionSizes, own: boolean, each: readonly number[]): string {
  const rowGroups = (own ? (sizes.batch?.tail ?? 0) : sizes.slots) / 4;
  const shares = turns.map((t) => `let share${t} = shares[i * ${QUAD}u + ${t}u];`).join(" ");
  const add = (q: number) =>
    own
      ? turns.map((t) => `mix${t}_${q} += values[at + ${q * rowGroups}u + own${t}] * share${t};`)
      : [
          `let value${q} = values[at + ${q * rowGroups}u];`,
          ...turns.map((t) => `mix${t}_${q} += value${q} * share${t};`),
        ];
  return /* wgsl */ `for (var i = ${own ? "inShared" : "0u"}; i < ${own ? "count" : "inShared"}; i++) {
      let at = row * ${rowGroups}u + groupOf[i];
      ${shares}
      ${each.flatMap(add).join("\n      ")}
    }`;
}
