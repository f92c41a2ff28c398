/**
 * How far from the audio clock notes and clock ticks leave for MIDI: five minutes of dense play through scheduler, port
 * player and clock sender, while the page's thread stalls for 100 ms every 7 s and for 300 ms every 31 s. Time is
 * simulated, so that the figures are the design's and not this machine's: the audio clock is read with the spread that
 * Chromium's has (0.14 ms), messages take effect at their time, or when they are sent if that is later.
 */

import type { Output } from "webmidi";
import { seconds } from "#base/brand.ts";
import { Random } from "#base/random.ts";
import { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import { midiRoute } from "#engine/jam/route.ts";
import { Plan } from "#engine/play/plan.ts";
import { Scheduler } from "#engine/play/scheduler.ts";
import { Transport } from "#engine/play/transport.ts";
import { MetreMap } from "#music/metre.ts";
import { STEPS_PER_QUARTER } from "#music/units.ts";
import { AudioClock } from "#players/audio-clock.ts";
import { TICKS_PER_QUARTER } from "#players/midi/clock-in.ts";
import { ClockSender } from "#players/midi/clock-sender.ts";
import { CLOCK, NOTE_ON } from "#players/midi/midi-message.ts";
import { MidiPlayer } from "#players/midi/midi-player.ts";

const PORT = "bench";
const MUSIC = 300; // seconds
const TEMPO = 120;
const TICK = 25; // milliseconds
const SPREAD = 0.14;
const STALLS = [
  { every: 7000, length: 100 },
  { every: 31_000, length: 300 },
] as const;

/** Milliseconds off, ascending. */
export interface MidiTiming {
  readonly notes: readonly number[];
  readonly clock: readonly number[];
}

/** Plays five minutes. */
export function midiTiming(): MidiTiming {
  let now = 0; // milliseconds, on both clocks
  const random = new Random(1);
  const clock = new AudioClock(
    {
      state: "running",
      get currentTime() {
        return now / 1000;
      },
      getOutputTimestamp: () => ({
        contextTime: now / 1000,
        performanceTime: now + SPREAD * (random.next() + random.next() - 1),
      }),
    },
    () => now,
  );
  const effects = { [NOTE_ON]: [] as number[], [CLOCK.tick]: [] as number[] };
  const output = {
    state: "connected",
    send: ([status]: number[], { time }: { time: number }) => {
      const kind = status === CLOCK.tick ? CLOCK.tick : status & 0xf0;
      if (kind === CLOCK.tick || kind === NOTE_ON) effects[kind].push(Math.max(time, now));
    },
    clear: () => undefined,
  } as unknown as Output;
  const find = () => output;
  const player = new MidiPlayer({
    ...{ port: PORT, find, clock },
    latency: () => 0,
    onFailure: () => undefined,
  });
  // Two notes a step, each of its own pitch, so that every one is sent as it is.
  for (const instrument of [0, 1]) player.assign(instrument, midiRoute(instrument, PORT));
  const plan = new Plan();
  const transport = new Transport(TEMPO);
  const metres = new MetreMap();
  const stepsASecond = (TEMPO / 60) * STEPS_PER_QUARTER;
  const steps = MUSIC * stepsASecond;
  for (let onset = 0; onset < steps; onset++) {
    plan.add(
      [0, 1].map((instrument) => ({
        ...{ instrument, pitch: 40 + (onset % 60), velocity: 90, onset, duration: 4 },
      })),
    );
  }
  const scheduler = new Scheduler(plan, transport, player);
  const settings = new PortSettingsBoard({ [PORT]: { latency: 0, clockOut: true } });
  const sender = new ClockSender({
    place: {
      playing: true,
      stepAt: (time) => transport.stepAt(time),
      timeOf: (step) => transport.timeOf(step),
      nextBar: (step) => metres.barLineFrom(Math.ceil(step)),
    },
    ...{ clock, settings, find },
  });
  const start = 500;
  transport.start(seconds(start / 1000));
  for (let stalls: readonly number[] = STALLS.map(({ every }) => every); now < 1000 * MUSIC; ) {
    scheduler.advance(clock.now);
    player.pump();
    sender.pump();
    now += TICK;
    const due = stalls.findIndex((at) => at <= now);
    if (due < 0) continue;
    now += STALLS[due].length;
    stalls = stalls.with(due, stalls[due] + STALLS[due].every);
  }
  // Each effect against the nearest time it may be meant for: steps for notes, ticks for the clock.
  const off = (times: readonly number[], grid: number) =>
    times.map((time, index) => Math.abs(time - (start + index * grid))).sort((a, b) => a - b);
  return {
    notes: off(
      effects[NOTE_ON].filter((_, index) => index % 2 === 0),
      1000 / stepsASecond,
    ),
    clock: off(effects[CLOCK.tick], 60_000 / TEMPO / TICKS_PER_QUARTER),
  };
}
