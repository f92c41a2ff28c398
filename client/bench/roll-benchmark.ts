/**
 * `npm run bench -- roll [--server dist/server/main.js]`: what a redraw of the roll costs with a dense plan, in the built
 * page in real Chromium, until its pixels are there; then the page's frames while it also plays and composes. A sixtieth
 * of a second is 16.7 ms, and some of it is the mixer's and the browser's.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright";
import type { Note } from "#music/note.ts";
import { STEPS_PER_QUARTER, STEPS_PER_WHOLE } from "#music/units.ts";
import type { Benchmark } from "./benchmark.ts";
import type { Spread } from "./decode/decode-plan.ts";
import { spread } from "./decode/spread.ts";
import { withPage } from "./live/live-page.ts";
import { BUILT, withServer } from "./server/built-server.ts";

/** Milliseconds that a redraw may take. */
const BAR = 16;

const LAPTOP = { width: 1440, height: 900 };
const WALL = { width: 3840, height: 2160 };

/** Screens, and who of the twelve plays on every eighth: 48 notes a bar of 4/4, more than the band plays, or 96. */
const PLANS = [
  { ...LAPTOP, players: 6 },
  { ...LAPTOP, players: 12 },
  { ...WALL, players: 6 },
] as const;

/** Whole notes of music, those that lie ahead of the playhead, where it begins, and after how many it begins again. */
const LENGTH = 64;
const AHEAD = 16;
const BEGINS = 32;
const ROUND = 16;

/** Redraws that warm up, and that count; frames that are watched while it plays. */
const WARM = 60;
const REDRAWS = 300;
const FRAMES = 600;

/** What the roll shows, in steps. */
interface DensePlan {
  readonly notes: readonly Note[];
  readonly begins: number;
  readonly round: number;
  readonly ahead: number;
}

/** Each of the first `players` instruments plays a note on every eighth. */
const planOf = (players: number): DensePlan => ({
  notes: Array.from({ length: LENGTH * 8 }, (_, eighth) =>
    Array.from({ length: players }, (_, instrument) => ({
      instrument,
      pitch: 36 + ((eighth * 5 + instrument * 7) % 60),
      velocity: 90,
      onset: (eighth * STEPS_PER_QUARTER) / 2,
      duration: 3,
    })),
  ).flat(),
  begins: BEGINS * STEPS_PER_WHOLE,
  round: ROUND * STEPS_PER_WHOLE,
  ahead: AHEAD * STEPS_PER_WHOLE,
});

export const rollBenchmark: Benchmark = {
  usage: "[--server dist/server/main.js]",
  async run(args, report) {
    const { values } = parseArgs({
      args: [...args],
      options: { server: { type: "string", default: BUILT } },
    });
    const { redraws, playing } = await withServer(resolve(values.server), (origin) =>
      withPage(origin, async ({ page, play }) => {
        const redraws = await redrawing(page, report);
        report("roll: while it plays");
        await page.setViewportSize(LAPTOP);
        await page.evaluate(showPlan, planOf(PLANS[0].players));
        await play();
        return { redraws, playing: figures(await page.evaluate(watchFrames, WARM + FRAMES)) };
      }),
    );
    return {
      table: [
        ...redraws.map(
          ({ width, height, inView, cpu, script, pixels }) =>
            `${width} x ${height}, ${inView} notes in view: a redraw p50 ${pixels.p50} ms, p95 ${pixels.p95} ms ` +
            `(bar: ${BAR} ms), of it script ${script.p50} and ${script.p95} ms; ${cpu} ms of CPU a frame of the page`,
        ),
        `the page's frames while it plays and composes: p50 ${playing.p50} ms, p95 ${playing.p95} ms from one to the next`,
      ],
      json: { benchmark: "roll", bar: BAR, redraws, playing },
    };
  },
};

/** Redraws each plan while nothing plays. */
async function redrawing(page: Page, report: (line: string) => void) {
  const cpuTime = await cpuTimeOf(page);
  const redraws = [];
  for (const { width, height, players } of PLANS) {
    report(`roll: ${width} x ${height}, ${8 * players} notes a bar`);
    await page.setViewportSize({ width, height });
    await page.evaluate(showPlan, planOf(players));
    const before = await cpuTime();
    const { inView, script, pixels } = await page.evaluate(redraw, WARM + REDRAWS);
    const cpu = ((await cpuTime()) - before) / (WARM + REDRAWS);
    redraws.push({
      ...{ width, height, inView, cpu: hundredths(cpu) },
      ...{ script: figures(script), pixels: figures(pixels) },
    });
  }
  return redraws;
}

/** p50 and p95 of milliseconds, what warmed up left out. */
function figures(all: readonly number[]): Pick<Spread, "p50" | "p95"> {
  const { p50, p95 } = spread(all.slice(WARM));
  return { p50: hundredths(p50), p95: hundredths(p95) };
}

const hundredths = (value: number): number => Math.round(100 * value) / 100;

/** Tells the milliseconds that the page's main thread has computed so far, which other load does not move. */
async function cpuTimeOf(page: Page): Promise<() => Promise<number>> {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await chromium.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
}

/** For the page: the roll shows a plan at 120, and of everything else the page's own session. */
function showPlan({ notes, begins, round, ahead }: DensePlan): void {
  const { session, renderRoot } = document.querySelector("cadenza-app")!;
  const plan = Object.create(session!, {
    notes: { value: notes },
    metres: { value: session!.metres },
    grooves: { value: session!.grooves },
    state: { get: () => session!.state },
    changed: { value: session!.changed },
    timeline: {
      value: () => {
        const step = begins + (((16 * performance.now()) / 1000) % round);
        return { step, committedStep: step + 8, plannedStep: step + ahead };
      },
    },
  });
  // The app gives its session again whenever it renders.
  const given = { get: () => plan, set: () => undefined, configurable: true };
  Object.defineProperty(renderRoot.querySelector("cadenza-roll")!, "session", given);
}

/** For the page: redraws the roll so often; milliseconds of its script, and until its pixels can be read. */
async function redraw(times: number) {
  const roll = document.querySelector("cadenza-app")!.renderRoot.querySelector("cadenza-roll")!;
  const canvas = roll.renderRoot.querySelector("canvas")!;
  const [script, pixels]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < times; turn++) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    roll.requestUpdate();
    await roll.updateComplete;
    script.push(performance.now() - began);
    canvas.getContext("2d")!.getImageData(0, 0, 1, 1);
    pixels.push(performance.now() - began);
  }
  const { firstStep, lastStep } = roll.view!;
  const { length } = roll.session!.notes.filter(
    ({ onset, duration }) => onset <= lastStep && onset + duration >= firstStep,
  );
  return { inView: length, script, pixels };
}

/** For the page: milliseconds from frame to frame. */
async function watchFrames(frames: number): Promise<number[]> {
  const gaps: number[] = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame++) {
    const now = await new Promise<number>(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  return gaps;
}
