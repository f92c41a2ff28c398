/** What a voice plays: a decoded or computed buffer with what is needed to play it at a pitch. */
import type { Instrument } from "#music/instrument.ts";

/** One playable sound. Times are seconds within `buffer`. */
export interface Sound {
  readonly buffer: AudioBuffer;
  /** MIDI pitch (with fraction) at which it plays unchanged. */
  readonly rootPitch: number;
  /** Factor on the buffer at velocity 127. */
  readonly gain: number;
  /** Where the attack lies: decoders that keep the encoder's delay put it later. */
  readonly offset: number;
  readonly loop?: { readonly start: number; readonly end: number };
  /** A new sound of the same group ends the last one. */
  readonly choke?: number;
}

/** Where sounds come from: decoded samples, or the synthesis that stands in for them. */
export interface SoundBank {
  /** The sound of a pitch (0-127) at a velocity (1-127), or undefined where it isn't at hand. */
  sound(instrument: Instrument, pitch: number, velocity: number): Sound | undefined;
}
