/** What a session is joined from: who composes, who sounds, and the clocks, since it owns none. */
import type { Seconds } from "#base/brand.ts";
import type { CompositionSource } from "#engine/compose/composition.ts";
import type { FuturesSource } from "#engine/compose/futures.ts";
import type { ClickVoice } from "#engine/play/metronome.ts";
import type { Player } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Controls } from "./performance.ts";

/** What the session plays with. */
export interface SessionParts {
  readonly source: CompositionSource;
  /** Draws futures; there are none where undefined. */
  readonly futures?: FuturesSource;
  readonly player: Player;
  /** What the metronome sounds through; nobody hears it where undefined. */
  readonly clicks?: ClickVoice;
  /** The audio time now; it stands still until the sound is unlocked. */
  readonly clock: () => Seconds;
  /** A time that always runs: for taps, and for how often things are done. */
  readonly steadyClock: () => Seconds;
  /** Makes the sound possible (resumes the audio context); called inside the user's gesture. */
  readonly unlock: () => Promise<void>;
  readonly level: (instrument: Instrument) => number;
  readonly controls: Controls;
}
