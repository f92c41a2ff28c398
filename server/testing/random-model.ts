/** A small model without training, written to disk the way a trained one is: for tests that need a whole folder. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "#base/random.ts";
import type { Architecture, ConditionGroup, Manifest } from "#model/weights/manifest.ts";
import { requiredTensors, TENSOR } from "#model/weights/tensor-names.ts";
import { VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";

const ARCHITECTURE: Architecture = {
  vocabulary: VOCABULARY_SIZE,
  dim: 64,
  depth: 1,
  heads: 2,
  headDim: 32,
  feedForward: 128,
  contextLength: 64,
  positions: "rotary",
};

/**
 * Writes manifest.json and one shard into `folder`, which is made. Always the same weights.
 * @param conditions groups that the model's tokens carry; none by default
 */
export async function writeRandomModel(
  folder: string,
  id: string,
  conditions?: readonly ConditionGroup[],
): Promise<Manifest> {
  const architecture = { ...ARCHITECTURE, ...(conditions && { conditions }) };
  const tensors = [...requiredTensors(architecture)].map(([name, shape], stream) => {
    const random = new Random(1, stream);
    const spread = shape.length === 2 ? Math.sqrt(3 / shape[1]) : 0.1;
    const size = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length: size }, () => spread * (2 * random.next() - 1));
    return { name, shape, data };
  });
  const pairs = ARCHITECTURE.headDim / 4; // half of each head turns, in pairs
  const data = Float32Array.from({ length: pairs }, (_, pair) => 10_000 ** (-pair / pairs));
  tensors.push({ name: TENSOR.rotaryFrequencies, shape: [pairs], data });

  const shard = encodeSafetensors(tensors);
  const sha256 = createHash("sha256").update(shard).digest("hex");
  const file = `${id}-${sha256.slice(0, 12)}.safetensors`;
  const manifest: Manifest = {
    id,
    version: "1.0.0",
    license: "MIT",
    tokenization: "grid32",
    architecture,
    quantization: "none",
    shards: [{ file, bytes: shard.byteLength, sha256 }],
    training: { tokens: 0, steps: 0, validation: { loss: 0, accuracy: 0 } },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file), shard);
  // Where it stands in the file: beside the architecture.
  const written = { ...manifest, architecture: ARCHITECTURE, ...(conditions && { conditions }) };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(written));
  return manifest;
}

interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The safetensors format: header length, JSON header, bytes. */
function encodeSafetensors(tensors: readonly NamedTensor[]): Buffer {
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(({ name, shape, data }) => {
      const begin = end;
      end += data.byteLength;
      return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
    }),
  );
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return Buffer.concat([
    length,
    json,
    ...tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}
