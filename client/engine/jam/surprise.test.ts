import { describe, expect, it } from "vitest";
import { composingJam } from "#engine/testing/composing-jam.ts";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { Surprise } from "./surprise.ts";

describe("surprise", () => {
  it("is a mean of the music of late, and unknown at the beginning", () => {
    const surprise = new Surprise();
    surprise.add(40, 16);
    expect(surprise.perStep).toBeUndefined();
    for (let bar = 0; bar < 8; bar++) surprise.add(32, 32);
    expect(surprise.perStep).toBeGreaterThan(1);
    for (let bar = 0; bar < 60; bar++) surprise.add(64, 32);
    expect(surprise.perStep).toBeCloseTo(2, 3);
    surprise.clear();
    expect(surprise.perStep).toBeUndefined();
  });

  it("is shown in nats a bar of the metre that plays, where logits tell it", async () => {
    const { session, run, dispose } = composingJam();
    await run(1);
    await session.play();
    await run(5);
    const { surprise } = session.state;
    // The model is none: a token of it is one of a hundred, three make a note.
    expect(surprise).toBeGreaterThan(10);
    expect(surprise).toBeLessThan(1000);
    dispose();
    expect((await playingJam(5)).session.state.surprise).toBeUndefined();
  });
});
