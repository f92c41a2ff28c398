/**
 * The room all instruments share: a convolver, which knows no compressor and no chance, and whose
 * sound can be hushed. What rings in a convolver cannot be cleared, so a hushed one fades and a new
 * one takes its place.
 */
import { type BaseContext, Convolver, Gain, ToneAudioBuffer, type ToneAudioNode } from "tone";
import { roomImpulse } from "./impulse.ts";

const RETURN_GAIN = 0.9;
const HUSH = 0.25; // seconds

/** Reverberation between a send and the band's bus. `hush` lets the sound in it fade quickly. */
export class Room {
  readonly #context: BaseContext;
  readonly #impulse: ToneAudioBuffer;
  readonly #input: Gain;
  readonly #target: ToneAudioNode;
  #chamber: { readonly convolver: Convolver; readonly level: Gain };
  #fading: { readonly convolver: Convolver; readonly level: Gain } | undefined;

  /** Plays into `target`. The owner disposes it. */
  constructor(context: BaseContext, target: ToneAudioNode) {
    this.#context = context;
    const { sampleRate } = context;
    const channels = roomImpulse(sampleRate);
    const buffer = context.createBuffer(2, channels[0].length, sampleRate);
    channels.forEach((samples, channel) => {
      buffer.copyToChannel(samples, channel);
    });
    this.#impulse = new ToneAudioBuffer(buffer);
    this.#target = target;
    this.#input = new Gain({ context });
    this.#chamber = this.#build();
  }

  /** What is to reverberate goes in here. */
  get input(): ToneAudioNode {
    return this.#input;
  }

  /** Fades what rings within a quarter of a second; what comes later starts in an empty room. */
  hush(): void {
    const now = this.#context.rawContext.currentTime;
    this.#fading?.convolver.dispose();
    this.#fading?.level.dispose();
    this.#fading = this.#chamber;
    this.#input.disconnect(this.#fading.convolver);
    this.#fading.level.gain.setValueAtTime(RETURN_GAIN, now);
    this.#fading.level.gain.linearRampToValueAtTime(0, now + HUSH);
    this.#chamber = this.#build();
  }

  /** Takes it out of the graph. */
  dispose(): void {
    for (const chamber of [this.#chamber, this.#fading]) {
      chamber?.convolver.dispose();
      chamber?.level.dispose();
    }
    this.#input.dispose();
  }

  #build() {
    const context = this.#context;
    const convolver = new Convolver({ context, normalize: false });
    convolver.buffer = this.#impulse;
    const level = new Gain({ context, gain: RETURN_GAIN });
    this.#input.connect(convolver);
    convolver.connect(level);
    level.connect(this.#target);
    return { convolver, level };
  }
}
