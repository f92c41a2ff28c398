/**
 * One sounding note: a buffer source through one gain, both native nodes, because a band makes
 * hundreds of them a minute. The gain's curve is level, then an exponential release, and is known in
 * closed form, so a voice can be cut without `cancelAndHoldAtTime` (missing in Firefox): cancel,
 * anchor at the computed value, ramp to zero. `setTargetAtTime` always gets an anchor right before
 * it (node-web-audio-api explodes without). A source is stopped once, at its scheduled end
 * (node-web-audio-api refuses a second `stop`): a voice cut earlier runs on unheard and is freed.
 */
import type { Sound } from "./sound.ts";

/** Makes the native nodes of voices. */
export type VoiceContext = Pick<BaseAudioContext, "createBufferSource" | "createGain">;

/** When, how high and how loud. Times in seconds on the context's clock. */
export interface VoiceNote {
  readonly pitch: number;
  /** 0 or more, at its full level. */
  readonly gain: number;
  readonly start: number;
  /** When the release begins; infinite for sounds that always run out. */
  readonly end: number;
  /** Time constant of the release. */
  readonly release: number;
  /** Whether the pitch changes the playing speed. */
  readonly transposed: boolean;
  /** The channel of a file that it belongs to, where it belongs to one. */
  readonly channel?: object;
  /** Cents that bend it, and how far down in semitones they may, 0 or less. */
  readonly detune?: { readonly signal: AudioNode; readonly lowest: number };
}

/** Time constants until a release counts as silent: -61 dB. */
const RELEASE_LENGTHS = 7;
const CUT = 0.012; // seconds
const STEAL_RELEASE = 0.02;

/** A note on its way. Silent from `silentFrom` on. */
export class Voice {
  readonly pitch: number;
  readonly channel: object | undefined;
  readonly start: number;
  readonly choke: number | undefined;
  readonly #detune: { readonly signal: AudioNode; readonly param: AudioParam } | undefined;
  readonly #gain: GainNode;
  readonly #level: number;
  #end: number;
  #release: number;
  #silentFrom: number;

  constructor(context: VoiceContext, output: AudioNode, sound: Sound, note: VoiceNote) {
    const { detune } = note;
    const rate = note.transposed ? 2 ** ((note.pitch - sound.rootPitch) / 12) : 1;
    const ringing = sound.loop
      ? Number.POSITIVE_INFINITY
      : note.start +
        (sound.buffer.duration - sound.offset) / (rate * 2 ** ((detune?.lowest ?? 0) / 12));
    this.pitch = note.pitch;
    this.channel = note.channel;
    this.start = note.start;
    this.choke = sound.choke;
    this.#level = note.gain * sound.gain;
    this.#end = note.end;
    this.#release = note.release;
    this.#silentFrom = Math.min(ringing, note.end + RELEASE_LENGTHS * note.release);

    const source = context.createBufferSource();
    source.buffer = sound.buffer;
    source.playbackRate.value = rate;
    if (sound.loop) {
      source.loop = true;
      source.loopStart = sound.loop.start;
      source.loopEnd = sound.loop.end;
    }
    this.#gain = context.createGain();
    const curve = this.#gain.gain;
    curve.setValueAtTime(this.#level, note.start);
    if (note.end < ringing) {
      curve.setValueAtTime(this.#level, note.end);
      curve.setTargetAtTime(0, note.end, note.release);
    }
    if (detune !== undefined) {
      this.#detune = { signal: detune.signal, param: source.detune };
      detune.signal.connect(source.detune);
    }
    source.connect(this.#gain);
    this.#gain.connect(output);
    source.start(note.start, sound.offset);
    source.stop(this.#silentFrom);
  }

  /** Whether it may be heard at `time` or later. */
  isAudibleAfter(time: number): boolean {
    return this.#silentFrom > time;
  }

  /** Whether its release has begun at `time`. */
  isReleasedAt(time: number): boolean {
    return this.#end <= time;
  }

  /** Lets it go at `time`, unless it was released before; `release` is a time constant in seconds. */
  releaseAt(time: number, release = this.#release): void {
    if (this.#end <= time || this.#silentFrom <= time) return;
    if (time <= this.start) {
      this.cut(time);
      return;
    }
    const curve = this.#gain.gain;
    curve.cancelScheduledValues(time);
    curve.setValueAtTime(this.#level, time);
    curve.setTargetAtTime(0, time, release);
    this.#end = time;
    this.#release = release;
    this.#silentFrom = Math.min(this.#silentFrom, time + RELEASE_LENGTHS * release);
  }

  /** Makes room at `time` for another voice: a release too short to be heard as one. */
  steal(time: number): void {
    if (this.isReleasedAt(time)) this.cut(time);
    else this.releaseAt(time, STEAL_RELEASE);
  }

  /** Ends it within 12 ms of `time`; one that has not begun never will. */
  cut(time: number): void {
    if (this.#silentFrom <= time) return;
    const curve = this.#gain.gain;
    curve.cancelScheduledValues(time);
    if (time < this.start) {
      curve.setValueAtTime(0, time);
      this.#silentFrom = time;
    } else {
      curve.setValueAtTime(this.#levelAt(time), time);
      curve.linearRampToValueAtTime(0, time + CUT);
      this.#silentFrom = Math.min(this.#silentFrom, time + CUT);
    }
    this.#end = Math.min(this.#end, time);
  }

  /** Takes it out of the graph; call it once it is silent. */
  free(): void {
    this.#gain.disconnect();
    this.#detune?.signal.disconnect(this.#detune.param);
  }

  #levelAt(time: number): number {
    if (time < this.#end) return this.#level;
    return this.#level * Math.exp(-(time - this.#end) / this.#release);
  }
}
