/**
 * One instrument's strip: voices -> fader (level, mute, solo) -> pan -> band, and after the pan a
 * send to the room. Moves of a control take 20 ms, so that nothing clicks.
 */
import { type BaseContext, Gain, Panner, type ToneAudioNode } from "tone";
import type { Disposer } from "#base/disposer.ts";
import type { KitInstrument } from "./kit.ts";

const GLIDE = 0.02; // seconds

/** Where a strip's sound goes. */
export interface StripOutputs {
  readonly band: ToneAudioNode;
  readonly room: ToneAudioNode;
}

/** The strip of one instrument. Levels in decibels, pan -1 to 1, reverb 0-1. */
export class ChannelStrip {
  /** What voices connect to. */
  readonly input: AudioNode;
  readonly #context: BaseContext;
  readonly #fader: Gain;
  readonly #panner: Panner;
  readonly #send: Gain;
  readonly #onChange: () => void;
  readonly #meter: { analyser: AnalyserNode; samples: Float32Array<ArrayBuffer> }[] = [];
  #level: number;
  #muted = false;
  #soloed = false;
  #audible = true;

  /** @param onChange called when mute or solo changed; the band then sets `audible` of all strips. */
  constructor(
    context: BaseContext,
    defaults: Pick<KitInstrument, "level" | "pan" | "reverb">,
    outputs: StripOutputs,
    onChange: () => void,
    disposer: Disposer,
  ) {
    this.#context = context;
    this.#level = defaults.level;
    this.#onChange = onChange;
    this.#fader = new Gain({ context, gain: gainOf(defaults.level) });
    this.#panner = new Panner({ context, pan: defaults.pan, channelCount: 2 });
    this.#send = new Gain({ context, gain: defaults.reverb });
    this.input = this.#fader.input as AudioNode;
    this.#fader.connect(this.#panner);
    this.#panner.connect(outputs.band);
    this.#panner.connect(this.#send);
    this.#send.connect(outputs.room);
    disposer.add(() => {
      for (const node of [this.#fader, this.#panner, this.#send]) node.dispose();
      for (const { analyser } of this.#meter) analyser.disconnect();
    });
  }

  /** Decibels; 0 is the level of the recording, below -60 is silence. */
  get level(): number {
    return this.#level;
  }
  set level(decibels: number) {
    this.#level = decibels;
    this.#moveFader();
  }

  get pan(): number {
    return this.#panner.pan.value;
  }
  set pan(place: number) {
    this.#glide(this.#panner.pan, Math.min(1, Math.max(-1, place)));
  }

  get reverb(): number {
    return this.#send.gain.value;
  }
  set reverb(part: number) {
    this.#glide(this.#send.gain, Math.min(1, Math.max(0, part)));
  }

  get muted(): boolean {
    return this.#muted;
  }
  set muted(muted: boolean) {
    this.#muted = muted;
    this.#onChange();
  }

  get soloed(): boolean {
    return this.#soloed;
  }
  set soloed(soloed: boolean) {
    this.#soloed = soloed;
    this.#onChange();
  }

  /** Whether it is heard, all mutes and solos of the band considered; set by the band. */
  get audible(): boolean {
    return this.#audible;
  }
  set audible(audible: boolean) {
    if (audible === this.#audible) return;
    this.#audible = audible;
    this.#moveFader();
  }

  /** Largest amplitude of the last 23 ms or so, 0 to about 1, after fader and pan. Live use only. */
  meter(): number {
    if (this.#meter.length === 0) {
      const analyser = this.#context.createAnalyser();
      analyser.fftSize = 1024;
      this.#panner.connect(analyser);
      this.#meter.push({ analyser, samples: new Float32Array(1024) });
    }
    const [{ analyser, samples }] = this.#meter;
    analyser.getFloatTimeDomainData(samples);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    return peak;
  }

  #moveFader(): void {
    this.#glide(this.#fader.gain, this.#audible ? gainOf(this.#level) : 0);
  }

  /** From where it stands to `value` in 20 ms; at once before the clock runs. */
  #glide(param: Gain["gain"] | Panner["pan"], value: number): void {
    const now = this.#context.rawContext.currentTime;
    if (now === 0) {
      param.value = value;
      return;
    }
    const from = param.value;
    param.cancelScheduledValues(now);
    param.setValueAtTime(from, now);
    param.linearRampToValueAtTime(value, now + GLIDE);
  }
}

/** The factor of a level in decibels; silence below -60. */
const gainOf = (decibels: number): number => (decibels < -60 ? 0 : 10 ** (decibels / 20));
