import { describe, expect, it } from "vitest";
import { remark, sentence } from "#base/remark.ts";
import type { Take } from "#engine/journal/take.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { DRUMS } from "#music/instrument.ts";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { readMidi } from "#music/midi/midi-reader.ts";

describe("Session", () => {
  it("hands out what was heard before a new piece takes its place", async () => {
    const { session, run, loaded } = fakeJam();
    loaded();
    const takes: Take[] = [];
    session.taken.on((take) => takes.push(take));
    session.startOver();
    expect(takes).toEqual([]);
    const { seed } = session.state.controls;
    await session.play();
    run(3);
    session.startOver();
    expect(takes).toHaveLength(1);
    expect(takes[0].controls.seed).toBe(seed);
    expect(takes[0].music.notes.length).toBeGreaterThan(0);
    expect(readMidi(takes[0].midi).warnings).toEqual([]);
  });

  it("composes ahead before Play, and sounds within 0.2 s of it", async () => {
    const { session, player, run, loaded, clock, unlocked } = fakeJam();
    loaded();
    run(1);
    expect(player.played).toEqual([]);
    const pressed = clock.now;
    await session.play();
    run(1);
    expect(unlocked()).toBe(1);
    expect(session.state.phase).toBe("playing");
    expect(player.played[0].start - pressed).toBeLessThan(0.2);
  });

  it("follows every control and tap before the audio clock runs", async () => {
    const { session, player, run, loaded, lock, source } = fakeJam();
    source.every = 1;
    source.millisecondsPerStep = 5;
    lock();
    loaded();
    run(1);
    session.setControls({ lead: 3 });
    run(1);
    session.setControls({ lead: 8 });
    run(1);
    expect(source.retakes.map((retake) => retake.settings.constraint.lead)).toEqual([3, 8]);
    expect(session.notes.every((note) => note.instrument === 8)).toBe(true);
    session.tapTempo();
    run(0.51);
    session.tapTempo();
    expect(session.state.controls.tempo).not.toBe(120);
    expect(session.state.rate).toBeGreaterThan(0);
    await session.play();
    run(2);
    expect(player.played[0].instrument).toBe(8);
  });

  it("changes the metre at the first bar past the commit horizon, and the take keeps it", async () => {
    const { session, run, loaded, source } = fakeJam();
    loaded();
    session.setControls({ metre: parseMetre("3/4") });
    run(0.3);
    expect(session.metres.points).toEqual(MetreMap.of(parseMetre("3/4")).points);
    await session.play();
    run(3.2);
    const { committedStep } = session.timeline();
    session.setControls({ metre: parseMetre("5/4") });
    run(0.2);
    session.setControls({ metre: parseMetre("6/8") });
    run(0.2);
    const [waltz, jig, ...others] = session.metres.points;
    expect(others).toEqual([]);
    expect(waltz).toEqual({ step: 0, metre: parseMetre("3/4") });
    expect(jig.metre).toEqual(parseMetre("6/8"));
    expect(jig.step % 24).toBe(0);
    expect(jig.step).toBeGreaterThanOrEqual(committedStep);
    expect(jig.step).toBeLessThan(committedStep + 16 + 24);
    const { settings } = source.retakes[source.retakes.length - 1];
    expect(settings.constraint.metres).toEqual(session.metres.points);
    run(4);
    session.stop();
    const { meters } = readMidi(session.takeAsMidi());
    expect(meters).toEqual([
      { tick: 0, numerator: 3, denominator: 4 },
      { tick: jig.step * 60, numerator: 6, denominator: 8 },
    ]);
    session.startOver();
    expect(session.metres.points).toEqual(MetreMap.of(parseMetre("6/8")).points);
  });

  it("on a slow machine takes everything back before it plays, and while it plays says when a change is heard", async () => {
    const { session, run, loaded, source } = fakeJam();
    source.every = 4;
    source.limit = 400;
    source.millisecondsPerStep = 100; // 0.6 of real time
    loaded();
    run(1);
    session.setControls({ lead: 8 });
    run(0.5);
    expect(source.retakes.at(-1)?.step).toBe(0);
    source.limit = 2000;
    await session.play();
    run(3);
    expect(session.state.phase).toBe("playing");
    session.setControls({ lead: 3 });
    run(0.5);
    expect(source.retakes.at(-1)?.step).toBeGreaterThan(300);
    expect(session.state.message?.code).toBe("heard-later");
  });

  it("lets a slow machine play no more notes than it can compose, takes nothing back for that, and says so", async () => {
    const { session, run, loaded, source } = fakeJam();
    source.every = 1;
    source.millisecondsPerStep = 50; // 60 tokens a second
    source.limit = 16;
    loaded();
    run(0.1);
    source.limit = 1000;
    run(1);
    const { step, settings } = source.retakes[0];
    expect(settings.constraint.density).toBeLessThan(40);
    expect(session.notes.length).toBeGreaterThan(step);
    expect(session.notes.every(({ onset }, i) => onset === i)).toBe(true);
    expect(session.state.remarks).toEqual([remark("band-thinned", {})]);
    source.millisecondsPerStep = 2;
    source.limit = Number.POSITIVE_INFINITY;
    await session.play();
    run(120);
    expect(session.state.phase).toBe("playing");
    expect(source.retakes.at(-1)?.settings.constraint.density).toBeUndefined();
    expect(session.state.remarks).toEqual([]);
  });

  it("plays on from what lies ahead while the device that composes is lost and replaced", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    loaded();
    run(1);
    await session.play();
    run(5);
    const { length } = player.played;
    source.limit = session.timeline().plannedStep;
    run(2.5);
    expect(session.state.phase).toBe("playing");
    expect(player.played.length).toBeGreaterThan(length + 2);
    session.modelMoved("wasm", remark("device-replaced", { backend: "wasm" }));
    source.limit = Number.POSITIVE_INFINITY;
    run(5);
    expect(session.state).toMatchObject({
      phase: "playing",
      backend: "wasm",
      remarks: [remark("device-replaced", { backend: "wasm" })],
    });
    expect(player.silences).toBe(0);
  });

  it("takes back a remark that no longer holds, and says it again when it does", () => {
    const { session } = fakeJam();
    let changes = 0;
    session.changed.on(() => changes++);
    session.addRemark(remark("midi-port-lost", { port: "A" }));
    session.dropRemark(remark("midi-port-lost", { port: "B" }));
    session.dropRemark(remark("midi-port-lost", { port: "A" }));
    expect(session.state.remarks).toEqual([]);
    session.addRemark(remark("midi-port-lost", { port: "A" }));
    expect(session.state.remarks).toEqual([remark("midi-port-lost", { port: "A" })]);
    expect(changes).toBe(3);
  });

  it("silences what still sounds when it is stopped while nothing lies ahead", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    source.limit = 64;
    loaded();
    run(0.5);
    await session.play();
    run(10);
    expect(session.state.phase).toBe("gathering");
    session.stop();
    expect(player.silences).toBe(1);
  });

  it("plays for an hour without a gap, a late note or growing state", async () => {
    const { session, player, run, loaded, source } = fakeJam();
    loaded();
    run(1);
    await session.play();
    run(3600);
    expect(session.state.phase).toBe("playing");
    const starts = player.played.map((played) => played.start);
    expect(starts.length).toBeGreaterThan(7000);
    for (let i = 1; i < starts.length; i++) expect(starts[i] - starts[i - 1]).toBeCloseTo(0.5, 6);
    expect(session.notes.length).toBeLessThan(1000);
    expect(session.state.ahead).toBeGreaterThan(2);
    expect(source.begun).toHaveLength(1);
  });

  it("gathers much ahead on a slow machine, says so, and then plays two minutes through", async () => {
    const { session, run, loaded, source, player, clock } = fakeJam();
    source.every = 4;
    source.limit = 32;
    source.millisecondsPerStep = 125; // half of real time at 120
    loaded();
    run(0.1);
    await session.play();
    run(0.5);
    expect(session.state.phase).toBe("gathering");
    expect(session.state.message?.code).toBe("gathering");
    let silent = 0;
    while (session.state.phase === "gathering" && silent < 300) {
      source.limit += 8; // a second passes: 8 steps of 1/16 s each were composed
      source.flow();
      run(1);
      silent++;
    }
    expect(silent).toBeGreaterThan(60);
    const started = clock.now;
    while (clock.now < started + 120) {
      source.limit += 8;
      source.flow();
      run(1);
      expect(session.state.phase).toBe("playing");
    }
    expect(player.silences).toBe(0);
  });

  it("waits without silencing when nothing lies ahead, and goes on", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    source.limit = 64;
    loaded();
    run(0.5);
    await session.play();
    run(10);
    expect(session.state.phase).toBe("gathering");
    expect(player.silences).toBe(0);
    source.limit = Number.POSITIVE_INFINITY;
    run(1);
    expect(session.state.phase).toBe("playing");
    run(5);
    expect(new Set(player.played.map((played) => played.start)).size).toBe(player.played.length);
  });

  it("stops at once and goes on from there", async () => {
    const { session, run, loaded, player, clock } = fakeJam();
    loaded();
    run(0.5);
    await session.play();
    run(2.1);
    session.stop();
    expect(player.silences).toBe(1);
    expect(session.state.phase).toBe("ready");
    const heard = player.played.filter((played) => played.start <= clock.now).length;
    run(5);
    const before = player.played.length;
    await session.play();
    const pressed = clock.now;
    run(2);
    const again = player.played.slice(before);
    expect(again[0].start - pressed).toBeLessThan(0.6);
    expect(readMidi(session.takeAsMidi()).notes.length).toBe(heard + again.length);
  });

  it("takes back only what lies past the commit horizon when a control moves", async () => {
    const { session, run, loaded, source, player, clock } = fakeJam();
    loaded();
    run(0.5);
    await session.play();
    run(3);
    const moved = clock.now;
    session.setControls({ lead: 8 });
    run(3);
    expect(source.retakes).toHaveLength(1);
    const firstNew = player.played.find((played) => played.instrument === 8);
    // One beat (0.5 s at 120) and 100 ms, rounded up to the fake source's grid of a beat.
    expect((firstNew?.start ?? 0) - moved).toBeLessThan(0.5 + 0.1 + 0.5);
    expect((firstNew?.start ?? 0) - moved).toBeGreaterThanOrEqual(0.45);
    const starts = player.played.map((played) => played.start);
    for (let i = 1; i < starts.length; i++) expect(starts[i] - starts[i - 1]).toBeCloseTo(0.5, 6);
  });

  it("changes the tempo from the next unheard note on without touching what is composed", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    loaded();
    run(0.5);
    await session.play();
    run(2);
    session.setControls({ tempo: 60 });
    run(6);
    expect(source.retakes).toEqual([]);
    const starts = player.played.map((played) => played.start);
    expect(starts[starts.length - 1] - starts[starts.length - 2]).toBeCloseTo(1, 6);
  });

  it("keeps drums, strips and lead in step", () => {
    const { session, loaded } = fakeJam();
    loaded();
    session.setControls({ drums: false });
    expect(session.state.strips[DRUMS].enabled).toBe(false);
    session.setStrip(DRUMS, { enabled: true });
    expect(session.state.controls.drums).toBe(true);
    session.setStrip(0, { enabled: false });
    expect(session.state.strips[0].enabled).toBe(true); // the lead
    session.setControls({ lead: DRUMS });
    expect(session.state.controls.lead).toBe(0);
    session.setControls({ tempo: 9999 });
    expect(session.state.controls.tempo).toBe(300);
  });

  it("begins another piece with another seed and plays on", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    loaded();
    run(0.5);
    await session.play();
    run(2);
    const before = player.played.length;
    session.setControls({ tempo: 84 });
    session.startOver();
    run(1);
    expect(source.begun.map((settings) => settings.seed)[1]).not.toBe(source.begun[0].seed);
    expect(source.begun.map((settings) => settings.tempo)).toEqual([120, 84]);
    expect(session.state.phase).toBe("playing");
    expect(player.played.length).toBeGreaterThan(before);
  });

  it("ends at a bar when it is asked to, rings out, and begins another piece at the next Play", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    loaded();
    session.end(); // nothing plays yet
    expect(session.state.ending).toBe(false);
    await session.play();
    run(5.2);
    session.end();
    session.end();
    expect(session.state.ending).toBe(true);
    run(0.5);
    const [{ step, settings }] = source.retakes;
    const endsAt = settings.endsAt ?? 0;
    expect(endsAt % 32).toBe(0);
    expect(endsAt - step).toBeGreaterThanOrEqual(64);
    expect(endsAt - step).toBeLessThan(64 + 32);
    expect(settings.chart?.arranged?.endsAt).toBe(endsAt / 32);
    session.setControls({ temperature: 0.5 });
    run(0.5);
    expect(source.retakes.at(-1)?.settings.endsAt).toBe(endsAt);
    run(3 + endsAt / 16);
    expect(session.state).toMatchObject({ phase: "ready", ending: true });
    expect(session.notes.at(-1)?.onset).toBe(endsAt - 8);
    // What is over is not composed anew.
    session.setControls({ temperature: 0.9 });
    const asked = source.retakes.length;
    const { length } = player.played;
    run(3);
    expect(player.played).toHaveLength(length);
    expect(source.retakes).toHaveLength(asked);
    await session.play();
    run(1);
    expect(session.state).toMatchObject({ phase: "playing", ending: false });
    expect(source.begun).toHaveLength(2);
    expect(source.begun[1].endsAt).toBeUndefined();
  });

  it("says what broke and plays nothing more", async () => {
    const { session, run, loaded, source, player } = fakeJam();
    loaded();
    run(0.5);
    await session.play();
    run(1);
    source.failed.emit(new Error("The GPU was lost; reload the page."));
    expect(session.state).toMatchObject({
      phase: "failed",
      message: sentence("The GPU was lost; reload the page."),
    });
    const before = player.played.length;
    run(2);
    expect(player.played.length).toBe(before);
    await session.play();
    expect(session.state.phase).toBe("failed");
  });
});
