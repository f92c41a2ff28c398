import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { type CompositionSettings, drawnAlike } from "#engine/compose/composition.ts";
import { Plan } from "#engine/play/plan.ts";
import { FakeSource } from "#engine/testing/fake-source.ts";
import { Retakes } from "./retakes.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: false },
  sampling: drawnAlike({ temperature: 1 }),
  seed: 1,
};

function build() {
  const plan = new Plan();
  const source = new FakeSource();
  const asked: number[] = [];
  const retakes = new Retakes(plan, source, (step) => {
    asked.push(step);
    return SETTINGS;
  });
  source.composed.on((composed) => retakes.receive(composed));
  retakes.begin();
  source.composeUntil(64);
  return { plan, source, asked, retakes };
}
const at = seconds;

describe("Retakes", () => {
  it("begins a piece with settings from its first step and an empty plan", () => {
    const { plan, source, asked } = build();
    expect(asked).toEqual([0]);
    expect(source.begun).toEqual([SETTINGS]);
    expect(plan.composedUntil).toBe(64);
  });

  it("is due once wanted, and while a control moves on every 0.15 s at most", () => {
    const { source, retakes } = build();
    expect(retakes.isDue(at(1))).toBe(false);
    let carriedOut = 0;
    for (let now = 1; now < 2; now += 0.01) {
      retakes.want();
      if (!retakes.isDue(at(now))) continue;
      retakes.carryOut(at(now), 10, "goes");
      carriedOut++;
    }
    expect(carriedOut).toBe(7);
    expect(source.retakes).toHaveLength(7);
    retakes.carryOut(at(9), 10, "goes");
    expect(retakes.isDue(at(99))).toBe(false);
  });

  it("takes back what lies past the commit horizon, from the next whole step on", () => {
    const { plan, source, asked, retakes } = build();
    plan.take(8);
    retakes.want();
    retakes.carryOut(at(1), 17.3, "goes");
    expect(source.retakes.map(({ step }) => step)).toEqual([18]);
    expect(asked.at(-1)).toBe(18);
    expect(plan.composedUntil).toBe(16);
    expect(retakes.heardAt).toBe(0);
  });

  it("keeps on a slow machine what is planned, and says when the change is heard", () => {
    const { plan, source, retakes } = build();
    retakes.want();
    retakes.carryOut(at(1), 17.3, "stays");
    expect(source.retakes.map(({ step }) => step)).toEqual([64]);
    expect(retakes.heardAt).toBe(64);
    expect(plan.notes.at(-1)?.onset).toBeLessThan(64);
    retakes.begin();
    expect(retakes.heardAt).toBe(0);
  });

  it("goes on under other settings at the end of what is planned, or of what is committed", () => {
    const { source, retakes } = build();
    retakes.goOn(10);
    retakes.goOn(80);
    expect(source.retakes.map(({ step }) => step)).toEqual([64, 80]);
  });

  it("lets in nothing that was on its way when it was taken back", () => {
    const { plan, source, retakes } = build();
    const late = {
      revision: 1,
      notes: [8, 40].map((onset) => ({
        instrument: 0,
        pitch: 60,
        velocity: 90,
        onset,
        duration: 4,
      })),
      tokens: 6,
      milliseconds: 1,
    };
    retakes.want();
    retakes.carryOut(at(1), 24, "goes");
    const { length } = plan.notes;
    retakes.receive(late);
    expect(plan.notes.slice(length).map(({ onset }) => onset)).toEqual([8]);
    expect(source.retakes).toHaveLength(1);
  });

  it("plays the old plan on until the new one is long enough, and asks for no other meanwhile", () => {
    const { plan, source, retakes } = build();
    source.limit = 0;
    retakes.want();
    retakes.carryOut(at(1), 17.3, "plays on");
    const old = [...plan.notes];
    source.limit = 32;
    source.flow();
    retakes.want();
    retakes.settle({ steady: at(1.2), enough: 40, handing: 12 });
    expect(retakes.isDue(at(1.2))).toBe(false);
    expect(plan.notes).toEqual(old);
    expect(retakes.composedUntil).toBe(32);
    source.limit = 40;
    source.flow();
    retakes.settle({ steady: at(1.4), enough: 40, handing: 12 });
    expect(plan.notes.map(({ onset }) => onset)).toEqual([0, 8, 16, 24, 32, 40]);
    expect(retakes.isDue(at(1.4))).toBe(true);
    expect(retakes.cost).toBeCloseTo(0.4, 9);
  });

  it("lets the new plan in, long or not, before what it replaces is handed out; the next waits longer", () => {
    const { plan, source, retakes } = build();
    source.limit = 0;
    retakes.want();
    retakes.carryOut(at(1), 24, "plays on");
    source.limit = 32;
    source.flow();
    const { cost } = retakes;
    retakes.settle({ steady: at(1.1), enough: 60, handing: 24 });
    expect(plan.composedUntil).toBe(32);
    expect(retakes.cost).toBe(2 * cost);
  });

  it("goes on under other settings behind what is to take a place", () => {
    const { plan, source, retakes } = build();
    source.limit = 0;
    retakes.want();
    retakes.carryOut(at(1), 24, "plays on");
    source.limit = 40;
    source.flow();
    retakes.goOn(10);
    expect(source.retakes.map(({ step }) => step)).toEqual([24, 40]);
    source.limit = 64;
    source.flow();
    retakes.settle({ steady: at(2), enough: 64, handing: 0 });
    expect(plan.notes.map(({ onset }) => onset)).toEqual([0, 8, 16, 24, 32, 40, 48, 56, 64]);
  });
});
