/**
 * Draws one token from the logits of the newest and prepares its pass: what `sample` (../sampler.ts) does, in the
 * same order, with the noise of the same words, so that both draw the same token but for ties within rounding.
 *
 * Inputs: how to draw; logits (V). In and out: state (see `DrawRules`); drawn, the number of tokens drawn, then
 * their ids, the conditions of each, and how much each surprises the model, where that is watched. Outputs: see embed-row.ts. One workgroup does it all; an invocation keeps every LANES-th token.
 *
 * Logits become unsigned integers in the same order, so that what is not a number is seen whatever the compiler
 * takes for granted, and a threshold is found bit by bit, two bits a round: the largest from which on enough
 * mass is left. A built-in logarithm may be off by 2^-21 near 1, where the noise that wins is; `ln` is not.
 */
import { type DrawRules, MOST_DRAWN } from "../decoder.ts";
import { reduction } from "./lane-reduction.ts";

/** What stands in place of an id. */
export const NOT_DRAWN = {
  /** An allowed logit is NaN or +Infinity, or all are -Infinity. */
  broken: 0xffffffff,
  /** The rules allow no token. */
  nothingAllowed: 0xfffffffe,
} as const;

/** Sizes of a sampling program. */
export interface SampleSizes {
  readonly rules: DrawRules;
  readonly vocabulary: number;
  /** Invocations, a power of 4. */
  readonly lanes: number;
}

/** WGSL source. @param place what declares `fn place(id, step, lane)`, from binding 4 on. */
export function sampleProgram({ rules, vocabulary, lanes }: SampleSizes, place: string): string {
  const each = Math.ceil(vocabulary / lanes);
  const { conditionGroups = 0 } = rules;
  return /* wgsl */ `
const LANES = ${lanes}u;
struct Way { sharpness: f32, topP: f32, reach: f32, pullTo: f32, pullBy: f32, stretch: f32, topK: u32, coldest: u32 }
struct How { seed: u32, stream: u32, counter: u32, watched: u32, ways: array<Way, ${rules.ways}> }
@group(0) @binding(0) var<storage, read> how: How;
@group(0) @binding(1) var<storage, read> logits: array<u32>; // bits of f32
@group(0) @binding(2) var<storage, read_write> state: array<u32, ${rules.stateWords}>;
@group(0) @binding(3) var<storage, read_write> drawn: array<u32>;
${conditionGroups > 0 ? `var<workgroup> carried: array<u32, ${conditionGroups}>; // conditions of the token drawn` : ""}
${place}
${rules.source}

// What a token counts as: 0 forbidden, 1 impossible (-Infinity), then finite logits in order, then BROKEN.
const IMPOSSIBLE = 1u;
const BROKEN = ${NOT_DRAWN.broken}u;
alias Keys = array<u32, ${each}>;

fn keyOf(bits: u32) -> u32 {
  if (bits == 0xff800000u) { return IMPOSSIBLE; }
  if ((bits & 0x7f800000u) == 0x7f800000u) { return BROKEN; }
  if (bits >= 0x80000000u) { return select(~bits, 0x80000000u, bits == 0x80000000u); }
  return bits | 0x80000000u;
}
// Stretched and pulled.
fn moved(bits: u32, id: u32, by: Way) -> u32 {
  if ((bits & 0x7f800000u) == 0x7f800000u) { return bits; }
  var logit = bitcast<f32>(bits);
  if (by.stretch != 0.0) { logit += by.stretch * extent(id); }
  if (by.pullBy != 0.0) {
    let away = measure(id) - by.pullTo;
    logit -= by.pullBy * (away * away);
  }
  return bitcast<u32>(logit);
}
fn logitOf(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, key >= 0x80000000u));
}

struct Choice { score: f32, id: u32 }
fn better(a: Choice, b: Choice) -> Choice {
  if (b.score > a.score || (b.score == a.score && b.id < a.id)) { return b; }
  return a;
}
${reduction("highest", "u32", (a, b) => `max(${a}, ${b})`, lanes)}
${reduction("total", "vec4f", (a, b) => `${a} + ${b}`, lanes)}
${reduction("best", "Choice", (a, b) => `better(${a}, ${b})`, lanes)}

// The largest key from which on the weights reach \`target\`, or 0. Sums of fewer weights are never larger,
// since all are summed in the same order.
fn threshold(keys: ptr<function, Keys>, top: f32, least: u32, sharpness: f32, share: f32, lane: u32) -> u32 {
  var weights: array<f32, ${each}>;
  var sum = 0.0;
  for (var i = 0u; i < ${each}u; i++) {
    let key = (*keys)[i];
    weights[i] = 0.0;
    if (key >= least && key > IMPOSSIBLE) { weights[i] = exp((logitOf(key) - top) * sharpness); }
    sum += weights[i];
  }
  // Without sharpness weights are 1 and the share is a count.
  let wanted = select(share * total(vec4f(sum), lane).x, share, sharpness == 0.0);
  var found = 0u;
  for (var round = 0u; round < 16u; round++) {
    let shift = 30u - 2u * round;
    let tried = vec4u(found) | (vec4u(1u, 2u, 3u, 3u) << vec4u(shift));
    var mass = vec4f();
    for (var i = 0u; i < ${each}u; i++) {
      mass += select(vec4f(), vec4f(weights[i]), vec4u((*keys)[i]) >= tried);
    }
    let reached = total(mass, lane) >= vec4f(wanted);
    found |= (select(0u, 1u, reached.x) + select(0u, 1u, reached.y) + select(0u, 1u, reached.z)) << shift;
  }
  return found;
}

// Natural logarithm of a normal number, within 1 unit in the last place (fdlibm, e_log.c, in single precision).
fn ln(x: f32) -> f32 {
  let shifted = bitcast<u32>(x) + (0x3f800000u - 0x3f3504f3u); // mantissa in [sqrt 1/2, sqrt 2)
  let exponent = f32(i32(shifted >> 23u) - 127);
  let f = bitcast<f32>((shifted & 0x007fffffu) + 0x3f3504f3u) - 1.0;
  let s = f / (2.0 + f);
  let z = s * s;
  let w = z * z;
  let series = z * (0.66666662693 + w * 0.28498786688) + w * (0.40000972152 + w * 0.24279078841);
  let half = 0.5 * f * f;
  return s * (half + series) + exponent * 9.0580006145e-6 - half + f + exponent * 0.69313812256;
}

// First word of Threefry-2x32-20 (base/random.ts).
fn threefryWord(key: vec2u, counter: vec2u) -> u32 {
  var keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  var turns = array<vec4u, 2>(vec4u(13u, 15u, 26u, 6u), vec4u(17u, 29u, 16u, 24u));
  var x = counter + key;
  for (var group = 0u; group < 5u; group++) {
    let by = turns[group & 1u];
    x.x += x.y; x.y = ((x.y << by.x) | (x.y >> (32u - by.x))) ^ x.x;
    x.x += x.y; x.y = ((x.y << by.y) | (x.y >> (32u - by.y))) ^ x.x;
    x.x += x.y; x.y = ((x.y << by.z) | (x.y >> (32u - by.z))) ^ x.x;
    x.x += x.y; x.y = ((x.y << by.w) | (x.y >> (32u - by.w))) ^ x.x;
    x += vec2u(keys[(group + 1u) % 3u], keys[(group + 2u) % 3u] + group + 1u);
  }
  return x.x;
}
fn noise(counter: u32, id: u32) -> f32 {
  let word = threefryWord(vec2u(how.seed, how.stream), vec2u(counter, id));
  return -ln(-ln((f32(word >> 9u) + 0.5) / 8388608.0));
}

// -log of the probability of \`id\` among the allowed, as the model has it: at a temperature of 1, nothing stretched, pulled or cut.
fn surpriseOf(keys: ptr<function, Keys>, id: u32, lane: u32) -> f32 {
  var likeliest = IMPOSSIBLE;
  for (var i = 0u; i < ${each}u; i++) {
    if ((*keys)[i] > IMPOSSIBLE) { likeliest = max(likeliest, keyOf(logits[i * LANES + lane])); }
  }
  let top = logitOf(highest(likeliest, lane));
  var mass = 0.0;
  for (var i = 0u; i < ${each}u; i++) {
    if ((*keys)[i] > IMPOSSIBLE) { mass += exp(bitcast<f32>(logits[i * LANES + lane]) - top); }
  }
  return top + ln(total(vec4f(mass), lane).x) - bitcast<f32>(logits[id]);
}

var<workgroup> chosen: u32;
var<workgroup> chosenWay: u32;

@compute @workgroup_size(${lanes})
fn main(@builtin(local_invocation_index) lane: u32) {
  look(lane);
  if (lane == 0u) { chosenWay = way(); }
  let by = how.ways[workgroupUniformLoad(&chosenWay)];
  var keys: Keys;
  var high = 0u;
  for (var i = 0u; i < ${each}u; i++) {
    let id = i * LANES + lane;
    keys[i] = 0u;
    if (id < ${vocabulary}u && allowed(id)) { keys[i] = keyOf(moved(logits[id], id, by)); }
    high = max(high, keys[i]);
  }
  high = highest(high, lane);
  let top = logitOf(high);
  var least = select(0u, high, by.coldest == 1u);
  if (by.topK > 0u) { least = threshold(&keys, top, 0u, 0.0, f32(by.topK), lane); }
  if (by.topP < 1.0) {
    least = max(least, threshold(&keys, top, least, by.sharpness, by.topP, lane));
  }
  // Min-p: how far below the highest logit a token may lie.
  if (by.reach > 0.0) { least = max(least, keyOf(bitcast<u32>(top - by.reach))); }

  let step = drawn[0];
  var choice = Choice(-3e38, ${vocabulary}u);
  for (var i = 0u; i < ${each}u; i++) {
    if (keys[i] < least || keys[i] <= IMPOSSIBLE) { continue; }
    let id = i * LANES + lane;
    var score = 0.0;
    if (by.coldest == 0u) {
      score = (logitOf(keys[i]) - top) * by.sharpness + noise(how.counter + step, id);
    }
    choice = better(choice, Choice(score, id));
  }
  choice = best(choice, lane);
  var surprise = 0.0;
  if (how.watched == 1u) { surprise = surpriseOf(&keys, min(choice.id, ${vocabulary - 1}u), lane); }

  if (lane == 0u) {
    var id = min(choice.id, ${vocabulary - 1}u);
    chosen = id;
    if (high == BROKEN || high == IMPOSSIBLE) { id = BROKEN; }
    else if (high == 0u) { id = ${NOT_DRAWN.nothingAllowed}u; }
    else {
      take(id);
      ${conditionGroups > 0 ? keepConditions(conditionGroups) : ""}
    }
    drawn[step + 1u] = id;
    drawn[${1 + MOST_DRAWN * (1 + conditionGroups)}u + step] = bitcast<u32>(surprise);
    drawn[0] = step + 1u;
  }
  workgroupBarrier();
  place(chosen, step, lane);
}
`;
}

/** WGSL that asks the rules for the conditions of the token of `step`. */
const keepConditions = (groups: number): string => /* wgsl */ `
      for (var group = 0u; group < ${groups}u; group++) {
        carried[group] = conditionRow(group);
        drawn[${1 + MOST_DRAWN}u + step * ${groups}u + group] = carried[group];
      }`;
