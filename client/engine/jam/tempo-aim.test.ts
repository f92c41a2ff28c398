/** Tempo ramps, half and double time: from the next bar on, in what is heard and in what a take says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rampOf } from "#engine/play/tempo-ramp.ts";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { parseMetre } from "#music/metre.ts";
import { TempoMap } from "#music/tempo-map.ts";

const playing = (controls = {}) => playingJam(3, controls);

type Jam = Awaited<ReturnType<typeof playing>>;

/** Every note is heard where the take's tempo map has it, to a millisecond. */
function expectHeardAsWritten({ session, player }: Jam) {
  const { notes, tempos } = session.heardSoFar;
  const map = new TempoMap(tempos);
  const [first] = player.played;
  for (const [at, { onset }] of notes.entries()) {
    const written = map.toSeconds(onset) - map.toSeconds(notes[0].onset);
    expect(player.played[at].start - first.start).toBeCloseTo(written, 3);
  }
}

describe("a ramp", () => {
  it("goes by stairs that never turn, and ends at its tempo", () => {
    const tempo = fc.double({ min: 20, max: 300, noNaN: true });
    const length = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(tempo, tempo, length, (from, to, steps) => {
        const points = rampOf(from, to, 32, 32 + steps);
        expect(points.at(-1)).toEqual({ step: 32 + steps, tempo: to });
        for (const [at, point] of points.entries()) {
          const before = points[at - 1] ?? { step: 31, tempo: from };
          expect(point.step).toBeGreaterThan(before.step);
          expect((point.tempo - before.tempo) * (to - from)).toBeGreaterThanOrEqual(-1e-6);
        }
      }),
    );
  });

  it("begins at the next bar and is there after its bars, heard as a take says", async () => {
    const jam = await playing({ ramp: "2 bars" });
    const { session, source, run } = jam;
    const line = session.place.nextBar(session.timeline().step + 6);
    session.setControls({ tempo: 60 });
    run(12);
    const { tempos } = session.heardSoFar;
    const map = new TempoMap(tempos);
    expect(map.tempoAt(line - 1)).toBe(120);
    expect(map.tempoAt(line + 32)).toBeCloseTo(90, -1);
    expect(tempos.at(-1)).toEqual({ step: line + 64, tempo: 60 });
    expect(source.retakes).toEqual([]);
    expectHeardAsWritten(jam);
  });

  it("goes by the metre's bars, and gives way to another", async () => {
    const jam = await playing({ ramp: "4 bars", metre: parseMetre("3/4")! });
    const { session, run } = jam;
    session.setControls({ tempo: 200 });
    run(3);
    const { tempo } = session.place;
    expect(tempo).toBeGreaterThan(120);
    expect(tempo).toBeLessThan(200);
    session.setControls({ tempo: 100 });
    run(20);
    expect(session.heardSoFar.tempos.at(-1)?.tempo).toBe(100);
    expect((session.heardSoFar.tempos.at(-1)?.step ?? 1) % 24).toBe(0);
    expectHeardAsWritten(jam);
  });

  it("is not disturbed by other controls, and undone by going back", async () => {
    const { session, run } = await playing({ ramp: "4 bars" });
    session.setControls({ tempo: 180 });
    run(4);
    session.setControls({ temperature: 0.5, swing: 60 });
    expect(session.place.tempo).toBeLessThan(180);
    run(8);
    expect(session.place.tempo).toBe(180);
    session.undo();
    session.undo();
    run(16);
    expect(session.place.tempo).toBe(120);
  });

  it("is over where a new piece begins", async () => {
    const { session } = await playing({ ramp: "8 bars" });
    session.setControls({ tempo: 60 });
    session.startOver();
    expect(session.place.tempo).toBe(60);
  });
});

describe("half and double time", () => {
  it.each([
    ["half", 60],
    ["double", 240],
  ] as const)("%s is played from the next bar on", async (speed, tempo) => {
    const jam = await playing();
    const { session, run } = jam;
    const line = session.place.nextBar(session.timeline().step + 6);
    session.setControls({ speed });
    expect(session.place.tempo).toBe(120);
    run(6);
    expect(session.heardSoFar.tempos).toEqual([
      { step: 0, tempo: 120 },
      { step: line, tempo },
    ]);
    expect(session.performance.controls.tempo).toBe(120);
    expectHeardAsWritten(jam);
  });

  it("comes back with a bank, exactly at its bar", async () => {
    const jam = await playing({ speed: "double" });
    const doubled = jam.session.performance;
    jam.session.setControls({ speed: "normal" });
    jam.run(4);
    jam.session.bringBack(doubled);
    jam.run(6);
    const last = jam.session.heardSoFar.tempos.at(-1);
    expect(last).toMatchObject({ tempo: 240 });
    expect((last?.step ?? 1) % 32).toBe(0);
    expectHeardAsWritten(jam);
  });
});
