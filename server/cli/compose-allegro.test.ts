/** A model as imported Allegro checkpoints are, with its tokens and absolute positions, composes as any other does. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { DRUMS } from "#music/instrument.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import { NATURAL_RANGES } from "#music/rules/natural-ranges.ts";
import { cadenza } from "../testing/command-line.ts";
import { writeRandomModel } from "../testing/random-model.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cadenza-allegro-"));
  const { architecture, shards, ...rest } = await writeRandomModel(at("model"), "clock");
  const { contextLength, dim } = architecture;
  const shard = shardOf("pos_emb.emb.weight", [contextLength, dim]);
  const file = "positions.safetensors";
  const sha256 = createHash("sha256").update(shard).digest("hex");
  const manifest = {
    ...{ ...rest, tokenization: "allegro-ms" },
    architecture: { ...architecture, positions: "absolute" },
    shards: [...shards, { file, bytes: shard.byteLength, sha256 }],
  };
  await writeFile(at(`model/${file}`), shard);
  await writeFile(at("model/manifest.json"), JSON.stringify(manifest));
});
afterAll(() => rm(folder, { recursive: true }));

/** A shard of one random tensor: header length, JSON header, bytes. */
function shardOf(name: string, shape: readonly number[]): Buffer {
  const random = new Random(2);
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, () => random.next() - 0.5);
  const json = JSON.stringify({
    [name]: { dtype: "F32", shape, data_offsets: [0, data.byteLength] },
  });
  const header = Buffer.alloc(8);
  header.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([header, Buffer.from(json), Buffer.from(data.buffer)]);
}

describe("compose with a model of Allegro's tokens", () => {
  it("goes on from a file, keeps to band and key, and repeats itself", async () => {
    const opening: Note[] = [0, 8, 16].map((onset) => {
      return { instrument: 3, pitch: 62, velocity: 90, onset, duration: 4 };
    });
    await writeFile(at("opening.mid"), writeMidi(opening, { tempos: [{ step: 0, tempo: 90 }] }));
    const command = [
      ...[
        "--instrument",
        "Violin",
        "--drums",
        "--band",
        "Bass",
        "--key",
        "D minor",
        "--bars",
        "12",
      ],
      ...["--tempo", "90", "--seed", "7", "--prime", at("opening.mid"), "--format", "mid"],
    ];
    const [first, second] = await Promise.all(
      ["first", "second"].map(async (out) => {
        const ended = await cadenza(
          "compose",
          ...command,
          "--model",
          at("model"),
          "--out",
          at(out),
        );
        expect(ended).toMatchObject({ status: 0 });
        const track = JSON.parse(ended.out);
        expect(track).toMatchObject({ model: "clock", backend: "wasm", bars: 12 });
        expect(track.tokens).toBeGreaterThan(2 * 64); // the window has moved
        return await readFile(at(`${out}/violin-7-1.mid`));
      }),
    );
    expect(second.equals(first)).toBe(true);
    const song = readMidi(first);
    expect(song.tempos[0].tempo).toBeCloseTo(90, 3);
    const { notes } = arrange(song);
    const strokes = notes.map(({ instrument, pitch, onset }) => [instrument, pitch, onset]);
    for (const { instrument, pitch, onset } of opening) {
      expect(strokes).toContainEqual([instrument, pitch, onset]);
    }
    expect(notes.at(-1)?.onset).toBeGreaterThan(11 * 32);
    const dMinor = [2, 4, 5, 7, 9, 10, 0];
    for (const { instrument, pitch, onset, duration } of notes) {
      expect([2, 3, DRUMS]).toContain(instrument);
      if (instrument !== DRUMS) expect(dMinor).toContain(pitch % 12);
      const [lowest, highest] = NATURAL_RANGES[instrument];
      expect(pitch >= lowest && pitch <= highest).toBe(true);
      expect(onset + duration).toBeLessThanOrEqual(12 * 32);
    }
  }, 300_000);
});
