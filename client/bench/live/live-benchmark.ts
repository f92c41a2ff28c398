/**
 * `npm run bench -- live [--server dist/server/main.js]`: the page as a visitor meets it, the shipped model on the CPU in
 * real Chromium, measured from what it lets out: control to sound, chords that are typed, a human who plays along, and
 * key to sound. Some ten minutes.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "#base/random.ts";
import type { Benchmark } from "../benchmark.ts";
import { BUILT, withServer } from "../server/built-server.ts";
import { composingRate } from "./composing-rate.ts";
import type { Measured } from "./figures.ts";
import { withPage } from "./live-page.ts";
import { playedAlong } from "./played-along.ts";
import { registerChanges } from "./register-changes.ts";
import { struckKeys } from "./struck-keys.ts";
import { typedChords } from "./typed-chords.ts";

export const liveBenchmark: Benchmark = {
  usage: "[--server dist/server/main.js]",
  async run(args, report) {
    const { values } = parseArgs({
      args: [...args],
      options: { server: { type: "string", default: BUILT } },
    });
    const random = new Random(1);
    const chance = () => random.next();
    const measured = await withServer(resolve(values.server), (origin) =>
      withPage(origin, async ({ page, play }) => {
        const all: [string, Measured][] = [];
        const measure = async (name: string, figures: Promise<Measured>) => {
          all.push([name, await figures]);
          report(`live: ${all[all.length - 1][1].line}`);
        };
        await play();
        await measure("rate", composingRate(page));
        await measure("controls", registerChanges(page, chance));
        await measure("chords", typedChords(page));
        await measure("along", playedAlong(page));
        await measure("keys", struckKeys(page, chance));
        return all;
      }),
    );
    return {
      table: measured.map(([, { line }]) => line),
      json: {
        benchmark: "live",
        ...Object.fromEntries(measured.map(([name, { json }]) => [name, json])),
      },
    };
  },
};
