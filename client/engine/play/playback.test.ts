import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { RecordingPlayer } from "#engine/testing/fake-source.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import { Playback } from "./playback.ts";

const NOTES = [0, 8, 16].map((onset) => ({
  instrument: 0,
  pitch: 60,
  velocity: 90,
  onset,
  duration: 8,
}));

function play(until: number, tempos: readonly TempoPoint[] = [{ step: 0, tempo: 120 }]) {
  const player = new RecordingPlayer();
  let ended = 0;
  const playback = new Playback(NOTES, tempos, player, seconds(10), () => ended++);
  for (let now = 10; now < until; now += 0.03) playback.tick(seconds(now));
  return { player, playback, ended: () => ended };
}

describe("Playback", () => {
  it("plays every note once and says that it ended, after the last has sounded", () => {
    expect(play(11.5).ended()).toBe(0);
    const { player, ended } = play(14);
    expect(player.played.map((note) => note.start)).toEqual(
      [10.1, 10.6, 11.1].map((t) => expect.closeTo(t, 9)),
    );
    expect(ended()).toBe(1);
    expect(player.silences).toBe(0);
  });

  it("goes by the tempos of the piece", () => {
    const tempos = [
      { step: 0, tempo: 120 },
      { step: 8, tempo: 60 },
      { step: 12, tempo: 240 },
    ];
    const { player } = play(14, tempos);
    expect(player.played.map((note) => note.start)).toEqual(
      [10.1, 10.6, 11.225].map((t) => expect.closeTo(t, 9)),
    );
  });

  it("is stopped in silence", () => {
    const { player, playback, ended } = play(10.4);
    playback.stop(seconds(10.4));
    playback.tick(seconds(20));
    expect(player.silences).toBe(1);
    expect(player.played).toHaveLength(2);
    expect(ended()).toBe(0);
  });
});
