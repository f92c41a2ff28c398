/**
 * `npm run bench -- schedule [--hidden SECONDS]`: what a tick of the scheduler costs while dense music plays for ten
 * minutes, tempo changes included. Correct first: every note must be handed over once, in time. Where seconds are given,
 * then also when messages leave a built page that is hidden for so long: five minutes are 300.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { assert } from "#base/assert.ts";
import { seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import { Plan } from "#engine/play/plan.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { LOOKAHEAD, Scheduler } from "#engine/play/scheduler.ts";
import { Transport } from "#engine/play/transport.ts";
import type { Benchmark } from "./benchmark.ts";
import { hiddenPage } from "./hidden-page.ts";
import { midiTiming } from "./midi-timing.ts";
import { BUILT, withServer } from "./server/built-server.ts";

const TICK = 0.025;
const MUSIC = 600; // seconds
const NOTES_A_STEP = 3; // 48 notes a second at 120
const STEPS = (MUSIC + 2) * 16 * 2;

export const scheduleBenchmark: Benchmark = {
  usage: "[--hidden SECONDS] [--server dist/server/main.js]",
  async run(args, report) {
    const { values } = parseArgs({
      args: [...args],
      options: { hidden: { type: "string" }, server: { type: "string", default: BUILT } },
    });
    const hiddenFor = Number(values.hidden ?? 0);
    if (!(hiddenFor >= 0))
      throw new Failure("usage", `--hidden ${values.hidden}: give it a number of seconds.`);
    report("schedule: warm-up");
    play();
    report("schedule: measured");
    const ticks = play().sort((a, b) => a - b);
    const at = (share: number) => 1000 * ticks[Math.floor(share * (ticks.length - 1))];
    const [p50, p95, max] = [at(0.5), at(0.95), at(1)];
    report("schedule: MIDI against the audio clock");
    const { notes, clock } = midiTiming();
    const [notesOff, clockOff] = [figuresOf(notes), figuresOf(clock)];
    const hidden =
      hiddenFor > 0 ? await hiddenFigures(resolve(values.server), hiddenFor, report) : undefined;
    return {
      table: [
        `${ticks.length} ticks of ${TICK * 1000} ms with ${NOTES_A_STEP * 16} notes a second:`,
        `p50 ${p50.toFixed(1)} us, p95 ${p95.toFixed(1)} us, max ${max.toFixed(1)} us a tick`,
        "MIDI off the audio clock in five minutes with stalls of 100 and 300 ms (simulated time):",
        `${notes.length} notes ${textOf(notesOff)}; ${clock.length} clock ticks ${textOf(clockOff)}`,
        ...(hidden?.table ?? []),
      ],
      json: {
        ...{ benchmark: "schedule", ticks: ticks.length, microseconds: { p50, p95, max } },
        midiMilliseconds: { notes: notesOff, clock: clockOff },
        hidden: hidden?.json,
      },
    };
  },
};

/** When messages leave a page that nobody sees. */
async function hiddenFigures(entry: string, length: number, report: (line: string) => void) {
  report(`schedule: a page hidden for ${length} s`);
  const { notes, clock, late, timer, waits } = await withServer(entry, (origin) =>
    hiddenPage(origin, length),
  );
  const [notesOff, clockOff] = [figuresOf(notes), figuresOf(clock)];
  return {
    table: [
      `a page hidden for ${length} s, its own timers of 5 ms slowed to ${Math.round(timer)} ms; the music waited ${waits} times, ${late} notes and ticks left late:`,
      `${notes.length} notes off their steps ${textOf(notesOff)}; ${clock.length} clock ticks off their line ${textOf(clockOff)}`,
    ],
    json: { length, timer, waits, late, notes: notesOff, clock: clockOff },
  };
}

/** Of errors in milliseconds, ascending. */
const figuresOf = (errors: readonly number[]) => {
  const at = (share: number) => errors[Math.floor(share * (errors.length - 1))];
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
};

const textOf = (figures: Readonly<Record<string, number>>): string => {
  const named = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return `${named.join(", ")} ms`;
};

/** Plays ten minutes; returns the milliseconds of each tick. */
function play(): number[] {
  const plan = new Plan();
  const transport = new Transport(120);
  let handed = 0;
  let now = 0;
  const player = {
    play(note: TimedNote): void {
      handed++;
      assert(
        note.start >= now - 1e-6 && note.start < now + LOOKAHEAD,
        `note at ${note.start}, now ${now}`,
      );
    },
    release: () => undefined,
    silence: () => undefined,
    dispose: () => undefined,
  };
  const scheduler = new Scheduler(plan, transport, player);
  transport.start(seconds(0));
  const ticks: number[] = [];
  let composed = 0;
  for (let tick = 0; now < MUSIC; tick++) {
    now = tick * TICK;
    while (composed < Math.min(STEPS, transport.stepAt(seconds(now + 4)))) {
      const onset = composed++;
      plan.add(
        Array.from({ length: NOTES_A_STEP }, (_, i) => ({
          instrument: i,
          pitch: 60,
          velocity: 90,
          onset,
          duration: 4,
        })),
      );
    }
    if (tick % 400 === 399) {
      transport.setTempo(tick % 800 === 799 ? 120 : 132, scheduler.handedUntil);
    }
    const started = performance.now();
    scheduler.advance(seconds(now));
    ticks.push(performance.now() - started);
  }
  assert(handed > MUSIC * 40, `${handed} notes were handed over`);
  return ticks;
}
