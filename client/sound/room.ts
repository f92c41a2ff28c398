/**
 * The room all instruments share: a convolver, which knows no compressor and no chance, and whose
 * sound can be hushed. What rings in a convolver cannot be cleared, so a hushed one fades and a new
 * one takes its place.
 */
import { type BaseContext, Convolver, Gain, ToneAudioBuffer, type ToneAudioNode } from "tone";
import { roomImpulse } from "./impulse.ts";

const RETURN_GAIN = 0.9;
const HUSH = 0.25; // seconds
/** A new room hears nothing for this long: the last milliseconds of cut voices do not ring in it. */
const DEAF = 0.1; // seconds

interface Chamber {
  readonly feed: Gain;
  readonly convolver: Convolver;
  readonly level: Gain;
}

/** Reverberation between a send and the band's bus. `hush` lets the sound in it fade quickly. */
export class Room {
  readonly #context: BaseContext;
  readonly #impulse: ToneAudioBuffer;
  readonly #input: Gain;
  readonly #target: ToneAudioNode;
  #chamber: Chamber;
  #fading: Chamber | undefined;

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
    for (const node of nodesOf(this.#fading)) node.dispose();
    this.#fading = this.#chamber;
    this.#input.disconnect(this.#fading.feed);
    this.#fading.level.gain.setValueAtTime(RETURN_GAIN, now);
    this.#fading.level.gain.linearRampToValueAtTime(0, now + HUSH);
    this.#chamber = this.#build();
    const { gain } = this.#chamber.feed;
    gain.setValueAtTime(0, now);
    gain.setValueAtTime(0, now + DEAF);
    gain.linearRampToValueAtTime(1, now + 1.1 * DEAF);
  }

  /** Takes it out of the graph. */
  dispose(): void {
    for (const node of [...nodesOf(this.#chamber), ...nodesOf(this.#fading)]) node.dispose();
    this.#input.dispose();
  }

  #build(): Chamber {
    const context = this.#context;
    const convolver = new Convolver({ context, normalize: false });
    convolver.buffer = this.#impulse;
    const level = new Gain({ context, gain: RETURN_GAIN });
    const feed = new Gain({ context });
    this.#input.connect(feed);
    feed.connect(convolver);
    convolver.connect(level);
    level.connect(this.#target);
    return { feed, convolver, level };
  }
}

const nodesOf = (chamber: Chamber | undefined): ToneAudioNode[] =>
  chamber === undefined ? [] : [chamber.feed, chamber.convolver, chamber.level];
