/**
 * Two thousand damaged files, made of the cases by a seeded hand: each is read, arranged, tokenised and taken through its
 * job, and either gives what is sound or is refused in a sentence. Rendering takes seconds, so `RENDERED` of the jobs
 * that last under six seconds sound for real, evenly spread; the others stop where the audio engine would begin.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { primeOf } from "#music/midi/prime.ts";
import { pieceOf } from "#music/piece.ts";
import { detokenize, tokenize } from "#music/tokens/tokenizer.ts";
import { NEVER } from "../never.ts";
import type { RenderOrder } from "../offline/audio.ts";
import { renderAudio } from "../offline/render-audio.ts";
import { packageRoot } from "../package-root.ts";
import { Presets } from "../presets.ts";
import type { RenderJob } from "./job.ts";
import { perform } from "./perform.ts";

const SEED = 12;
const FILES = 2000;
const RENDERED = 16;
/** Seconds that a song may last to be among the rendered. */
const SHORT = 6;
/** One frame of sound, in seconds. */
const FRAME = 1 / 44_100;

const CASES = join(packageRoot(), "client/music/testing/cases");
const SOUND = readdirSync(CASES)
  .filter((name) => !name.endsWith(".json"))
  .map((name) => new Uint8Array(readFileSync(join(CASES, name))));

/** Bytes that mean something in a file: limits of data, of lengths, statuses, a meta event. */
const TELLING = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0x90, 0xb0, 0xc0, 0xe0, 0xf0, 0xf7, 0xff];

/** The file of an index: a case with one to eight wounds. */
function damaged(index: number): Uint8Array {
  const random = new Random(SEED, index);
  const bytes = [...SOUND[index % SOUND.length]];
  for (let wounds = 1 + random.integer(8); wounds > 0 && bytes.length > 0; wounds--) {
    const at = random.integer(bytes.length);
    switch (random.integer(7)) {
      case 0:
        bytes[at] ^= 1 << random.integer(8);
        break;
      case 1:
        bytes[at] = random.integer(256);
        break;
      case 2:
        bytes[at] = TELLING[random.integer(TELLING.length)];
        break;
      case 3:
        bytes.splice(at, 1 + random.integer(4));
        break;
      case 4:
        bytes.splice(
          at,
          0,
          ...Array.from({ length: 1 + random.integer(4) }, () => random.integer(256)),
        );
        break;
      case 5: {
        const other = SOUND[random.integer(SOUND.length)];
        const from = random.integer(other.length);
        bytes.splice(at, 0, ...other.subarray(from, from + random.integer(64)));
        break;
      }
      default:
        if (random.integer(4) === 0) bytes.length = at;
        else bytes.push(...bytes.slice(at, at + random.integer(64)));
    }
  }
  return Uint8Array.from(bytes);
}

/** What a file is refused with; undefined where it is read and all that is made of it is sound. */
function refusal(bytes: Uint8Array): Failure | undefined {
  try {
    const song = readMidi(bytes);
    for (const note of song.notes) {
      const { tick, endTick, pitch, velocity } = note;
      const whole = [tick, endTick, pitch, velocity].every(Number.isFinite);
      const inRange = pitch >= 0 && pitch < 128 && velocity > 0 && velocity < 128;
      if (!whole || !inRange || tick < 0 || endTick < tick) throw new Error(JSON.stringify(note));
    }
    const arrangement = arrange(song);
    const { tokens } = tokenize(pieceOf(arrangement.notes));
    detokenize(tokens);
    if (arrangement.notes.length > 0) primeOf(arrangement);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Whether the audio engine can be given these notes. */
function checkPlayable({ notes, seconds }: RenderOrder): void {
  const curves = new Set(notes.map(({ expression }) => expression));
  for (const { start, length, pitch } of notes) {
    const playable = start >= 0 && length >= FRAME && start + length <= seconds && pitch >= 0;
    if (!playable) throw new Error(JSON.stringify({ start, length, pitch, seconds }));
  }
  for (const curve of curves) {
    for (const { time, value } of Object.values(curve ?? {}).flat()) {
      if (!(Number.isFinite(time) && Number.isFinite(value))) throw new Error(`${time}: ${value}`);
    }
  }
}

const JOB: Omit<RenderJob, "input"> = {
  kind: "render",
  order: { format: "mp3", kit: "general", stems: false },
};
const presets = new Presets(join(packageRoot(), "presets"));

/** Does a file's job; gives the bytes of its sound, or why it was refused. */
async function done(input: Uint8Array, render: (order: RenderOrder) => Promise<Uint8Array>) {
  let bytes = 0;
  try {
    await perform({ ...JOB, input: "" }, input, {
      ...{ presets, signal: NEVER, progress: () => undefined },
      renderAudio: render,
      write: ({ content }) => {
        bytes += content.length;
      },
    });
    return bytes;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

describe("damaged files", () => {
  const files = Array.from({ length: FILES }, (_, index) => damaged(index));
  const short: Uint8Array[] = [];

  it("are read or refused in a sentence, and so are their jobs", async () => {
    let refused = 0;
    for (const [index, file] of files.entries()) {
      try {
        const why = refusal(file);
        const outcome = await done(file, async (order) => {
          checkPlayable(order);
          if (order.seconds <= SHORT) short.push(file);
          return new Uint8Array(1);
        });
        for (const failure of [why, outcome]) {
          if (failure instanceof Failure) expect(failure.message).toMatch(/^[A-Z].*[.;?]/s);
        }
        if (outcome instanceof Failure) refused++;
      } catch (cause) {
        throw new Error(`file ${index}: ${Buffer.from(file).toString("hex")}`, { cause });
      }
    }
    console.log(`${FILES} files: ${refused} refused, ${short.length} short enough to be rendered`);
    expect(refused).toBeGreaterThan(FILES / 20);
    expect(short.length).toBeGreaterThan(10 * RENDERED);
  });

  it("sound or are refused where their jobs run to the end", async () => {
    const chosen = Array.from(
      { length: RENDERED },
      (_, index) => short[Math.floor((index * short.length) / RENDERED)],
    );
    const lane = async (): Promise<void> => {
      for (let file = chosen.pop(); file !== undefined; file = chosen.pop()) {
        const outcome = await done(file, renderAudio);
        expect(outcome, Buffer.from(file).toString("hex")).toBeGreaterThan(1000);
      }
    };
    await Promise.all([lane(), lane()]);
  });
});
