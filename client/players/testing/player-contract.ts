/**
 * The suite every player passes: `playerContract("MidiPlayer", make)` in a test file is all it
 * takes. A stage gives the player a clock that the suite moves, and tells what is heard.
 */
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import type { Player } from "#engine/play/player.ts";
import { DRUMS } from "#music/instrument.ts";

/** A player and what surrounds it. */
export interface Stage {
  readonly player: Player;
  /** The audio time now, seconds. */
  now(): number;
  /** Lets time pass. */
  pass(duration: number): Promise<void>;
  /** How many notes sound now. */
  sounding(): number;
  /** Takes it all down. */
  strike(): Promise<void>;
}

/** Runs the contract against players that `make` puts on a stage. */
export function playerContract(name: string, make: () => Promise<Stage>): void {
  const onStage = (title: string, play: (stage: Stage) => Promise<void>) =>
    it(title, async () => {
      const stage = await make();
      try {
        await play(stage);
      } finally {
        await stage.strike();
      }
    });
  const noteAt = (start: number, length: number, pitch = 60, instrument = 11) => {
    return { instrument, pitch, velocity: 90, start: seconds(start), length: seconds(length) };
  };
  /** Longer than any player's lookahead, release and room for error. */
  const AFTERWARDS = 1.5;

  describe(`${name} keeps the players' contract`, () => {
    onStage("plays a note at its time and ends it", async ({ player, now, pass, sounding }) => {
      player.play(noteAt(now() + 0.6, 1));
      expect(sounding()).toBe(0);
      await pass(0.2);
      expect(sounding()).toBe(0);
      await pass(0.7);
      expect(sounding()).toBe(1);
      await pass(0.7 + AFTERWARDS);
      expect(sounding()).toBe(0);
    });

    onStage("plays a start in the past at once", async ({ player, now, pass, sounding }) => {
      await pass(1);
      player.play(noteAt(now() - 0.2, 1));
      await pass(0.1);
      expect(sounding()).toBe(1);
      await pass(0.7 + AFTERWARDS);
      expect(sounding()).toBe(0);
    });

    onStage("ends a note that is over before it comes", async ({ player, now, pass, sounding }) => {
      await pass(1);
      player.play(noteAt(now() - 0.5, 0.1));
      await pass(AFTERWARDS);
      expect(sounding()).toBe(0);
    });

    onStage("keeps chords of many instruments apart", async ({ player, now, pass, sounding }) => {
      const start = now() + 0.1;
      for (let instrument = 0; instrument < 12; instrument++) {
        if (instrument !== DRUMS) player.play(noteAt(start, 1, 60, instrument));
      }
      await pass(0.4);
      expect(sounding()).toBe(11);
      await pass(0.7 + AFTERWARDS + 1);
      expect(sounding()).toBe(0);
    });

    onStage("holds a pitch that is struck again", async ({ player, now, pass, sounding }) => {
      const start = now() + 0.1;
      player.play(noteAt(start, 0.6));
      player.play(noteAt(start + 0.4, 2));
      await pass(1.8); // the first is over, the second is not
      expect(sounding()).toBe(1);
      await pass(0.7 + AFTERWARDS);
      expect(sounding()).toBe(0);
    });

    onStage("lets go a key that is held, and no other", async ({ player, now, pass, sounding }) => {
      player.play(noteAt(now(), 30));
      player.play(noteAt(now(), 30, 67));
      player.play(noteAt(now() + 1.5, 1));
      await pass(0.2);
      player.release(11, 60);
      await pass(0.2 + AFTERWARDS);
      expect(sounding()).toBe(2); // the other key, and what was to come of this one
      player.release(11, 67);
      player.release(11, 80);
      await pass(1 + AFTERWARDS);
      expect(sounding()).toBe(0);
    });

    onStage("silence ends what sounds and drops what is to come", async (stage) => {
      const { player, now, pass, sounding } = stage;
      for (let pitch = 40; pitch < 80; pitch += 5) player.play(noteAt(now() + 0.05, 30, pitch));
      for (let later = 0; later < 20; later++)
        player.play(noteAt(now() + 0.3 + later * 0.1, 5, 90));
      await pass(0.2);
      expect(sounding()).toBeGreaterThan(0);
      player.silence();
      await pass(0.3);
      expect(sounding()).toBe(0);
      await pass(AFTERWARDS);
      expect(sounding()).toBe(0);
    });

    onStage("plays again after silence", async ({ player, now, pass, sounding }) => {
      player.play(noteAt(now(), 5));
      await pass(0.1);
      player.silence();
      await pass(0.3);
      player.play(noteAt(now(), 0.5));
      await pass(0.2);
      expect(sounding()).toBe(1);
    });

    onStage("dispose silences, and twice is once", async ({ player, now, pass, sounding }) => {
      player.play(noteAt(now(), 30));
      player.play(noteAt(now() + 0.5, 30, 64));
      await pass(0.1);
      player.dispose();
      player.dispose();
      await pass(0.8);
      expect(sounding()).toBe(0);
    });
  });
}
