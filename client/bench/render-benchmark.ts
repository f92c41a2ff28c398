/**
 * `npm run bench -- render [--seconds 60]`: the whole band rendered offline and encoded to MP3, as
 * multiples of real time. Correct first: a render that is silent, clipped or short is not timed.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { assert } from "#base/assert.ts";
import { describeError, Failure } from "#base/failure.ts";
import { encodeMp3 } from "#server/offline/encode-mp3.ts";
import { renderNotes } from "#server/offline/render-notes.ts";
import { rehearsal } from "#sound/rehearsal.ts";
import type { Benchmark } from "./benchmark.ts";

const KIT = resolve(import.meta.dirname, "../../presets/kits/general");
const RUNS = 3;

export const renderBenchmark: Benchmark = {
  usage: "[--seconds 60]",
  async run(args, report) {
    const seconds = secondsOf(args);
    const notes = rehearsal(seconds);
    const runs: { render: number; encode: number }[] = [];
    for (let run = 0; run <= RUNS; run++) {
      report(run === 0 ? "render: warm-up" : `render: ${run} of ${RUNS}`);
      const started = performance.now();
      const audio = await renderNotes({ notes, kitFolder: KIT });
      const rendered = performance.now();
      const bytes = (await encodeMp3(audio, audio.sampleRate)).length;
      const encoded = performance.now();
      const peak = audio.left.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
      assert(peak > 0.05 && peak < 1, `peak ${peak} must be heard and not clip`);
      assert(
        audio.seconds >= seconds && bytes > 10_000 * seconds,
        `${audio.seconds} s, ${bytes} bytes`,
      );
      if (run > 0) runs.push({ render: rendered - started, encode: encoded - rendered });
    }
    const times = (part: "render" | "encode") =>
      runs.map((run) => (1000 * seconds) / run[part]).sort((a, b) => a - b);
    const [render, encode] = [times("render"), times("encode")];
    const median = (list: readonly number[]) => list[Math.floor(list.length / 2)];
    const memory = process.resourceUsage().maxRSS / 1024;
    return {
      table: [
        `${seconds} s of the whole band (${notes.length} notes), ${RUNS} runs after one to warm up:`,
        `render ${median(render).toFixed(1)} times real time (${render.map((x) => x.toFixed(1)).join(", ")})`,
        `MP3    ${median(encode).toFixed(1)} times real time (${encode.map((x) => x.toFixed(1)).join(", ")})`,
        `peak memory ${memory.toFixed(0)} MB`,
      ],
      json: { benchmark: "render", seconds, render, encode, megabytes: Math.round(memory) },
    };
  },
};

function secondsOf(args: readonly string[]): number {
  let text: string;
  try {
    text = parseArgs({ args: [...args], options: { seconds: { type: "string", default: "60" } } })
      .values.seconds;
  } catch (error) {
    throw new Failure("usage", `${describeError(error)}; the render benchmark takes --seconds.`);
  }
  const seconds = Number(text);
  if (!(seconds >= 5 && seconds <= 600)) {
    throw new Failure("usage", `--seconds ${text} must be a number from 5 to 600.`);
  }
  return seconds;
}
