/**
 * The model's manifest (contract, section 2): parsed once, at the edge, into types that the
 * rest of the code can trust.
 */
import { Failure } from "#base/failure.ts";

/** Rows of which each token carries one, added to its own; row 0 says nothing. */
export interface ConditionGroup {
  readonly name: string;
  readonly rows: number;
}

/** The shape of a decoder-only transformer as x-transformers builds it; all numbers are counts. */
export interface Architecture {
  readonly vocabulary: number;
  readonly dim: number;
  readonly depth: number;
  readonly heads: number;
  readonly headDim: number;
  readonly feedForward: number;
  readonly contextLength: number;
  readonly positions: "absolute" | "rotary";
  /** Whether queries, the output of attention and logits have biases, as in imported models; absent means no. */
  readonly biases?: boolean;
  /**
   * Groups of conditions, in the order of their rows in one matrix; absent where tokens are all that the model reads.
   * In the manifest they stand beside the architecture.
   */
  readonly conditions?: readonly ConditionGroup[];
}

/** How the weights are stored in the shards. */
export type Quantization = "none" | "f16" | "int8";

/** One file of weights; `sha256` is 64 hexadecimal digits, `bytes` at most 16 MiB. */
export interface ShardEntry {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** manifest.json of a model. */
export interface Manifest {
  readonly id: string;
  readonly version: string;
  readonly license: string;
  readonly tokenization: "grid32" | "allegro-ms";
  readonly architecture: Architecture;
  readonly quantization: Quantization;
  readonly shards: readonly ShardEntry[];
  readonly training: {
    readonly tokens: number;
    readonly steps: number;
    readonly validation: { readonly loss: number; readonly accuracy: number };
  };
}

const MAX_SHARD_BYTES = 16 * 1024 * 1024;
const SAFE_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]*\.safetensors$/;

/**
 * Checks and types a manifest that came from outside.
 * @throws Failure "unreadable" naming the field that is wrong.
 */
export function parseManifest(json: unknown): Manifest {
  const root = asObject(json, "manifest");
  const architecture = asObject(root.architecture, "architecture");
  const positions = oneOf(architecture.positions, ["absolute", "rotary"] as const, "positions");
  const training = asObject(root.training, "training");
  const validation = asObject(training.validation, "training.validation");
  if (!Array.isArray(root.shards) || root.shards.length === 0)
    throw refuse("shards", "a non-empty list");
  return {
    id: asString(root.id, "id"),
    version: asString(root.version, "version"),
    license: asString(root.license, "license"),
    tokenization: oneOf(root.tokenization, ["grid32", "allegro-ms"] as const, "tokenization"),
    architecture: {
      vocabulary: asCount(architecture.vocabulary, "architecture.vocabulary"),
      dim: asCount(architecture.dim, "architecture.dim"),
      depth: asCount(architecture.depth, "architecture.depth"),
      heads: asCount(architecture.heads, "architecture.heads"),
      headDim: asCount(architecture.headDim, "architecture.headDim"),
      feedForward: asCount(architecture.feedForward, "architecture.feedForward"),
      contextLength: asCount(architecture.contextLength, "architecture.contextLength"),
      positions,
      // Left out where there are none, so that a manifest that says so is the same as one that says nothing.
      ...(asFlag(architecture.biases, "architecture.biases") && { biases: true }),
      ...(root.conditions !== undefined && { conditions: parseConditions(root.conditions) }),
    },
    quantization: oneOf(root.quantization, ["none", "f16", "int8"] as const, "quantization"),
    shards: root.shards.map((entry, index) => parseShard(entry, `shards[${index}]`)),
    training: {
      tokens: asNumber(training.tokens, "training.tokens"),
      steps: asNumber(training.steps, "training.steps"),
      validation: {
        loss: asNumber(validation.loss, "training.validation.loss"),
        accuracy: asNumber(validation.accuracy, "training.validation.accuracy"),
      },
    },
  };
}

function parseConditions(json: unknown): ConditionGroup[] {
  if (!Array.isArray(json) || json.length === 0)
    throw refuse("conditions", "a non-empty list, or left out");
  const groups = json.map((entry, index) => {
    const group = asObject(entry, `conditions[${index}]`);
    return {
      name: asString(group.name, `conditions[${index}].name`),
      rows: asCount(group.rows, `conditions[${index}].rows`),
    };
  });
  if (new Set(groups.map(({ name }) => name)).size < groups.length)
    throw refuse("conditions", "a list of different names");
  return groups;
}

function parseShard(json: unknown, where: string): ShardEntry {
  const shard = asObject(json, where);
  const file = asString(shard.file, `${where}.file`);
  if (!SAFE_FILE.test(file))
    throw refuse(`${where}.file`, "a plain file name ending in .safetensors");
  const bytes = asCount(shard.bytes, `${where}.bytes`);
  if (bytes > MAX_SHARD_BYTES) throw refuse(`${where}.bytes`, `at most ${MAX_SHARD_BYTES}`);
  const sha256 = asString(shard.sha256, `${where}.sha256`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw refuse(`${where}.sha256`, "64 hexadecimal digits");
  return { file, bytes, sha256 };
}

function refuse(field: string, expected: string): Failure {
  return new Failure(
    "unreadable",
    `The model's manifest is not usable: ${field} must be ${expected}; export the model again.`,
  );
}

function asObject(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse(field, "an object");
  return value as Record<string, unknown>;
}

function asString(value: unknown, field: string): string {
  if (typeof value !== "string" || value === "") throw refuse(field, "a text");
  return value;
}

function asNumber(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw refuse(field, "a number");
  return value;
}

function asCount(value: unknown, field: string): number {
  if (!Number.isInteger(value) || (value as number) < 1) throw refuse(field, "a positive integer");
  return value as number;
}

function asFlag(value: unknown, field: string): boolean {
  if (value !== undefined && typeof value !== "boolean")
    throw refuse(field, "true or false, or left out");
  return value ?? false;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], field: string): T {
  if (!allowed.includes(value as T))
    throw refuse(field, allowed.map((name) => `"${name}"`).join(" or "));
  return value as T;
}
