/** The metronome's voice: short sines, a bar's first one higher. Plain Web Audio beside the band, so that no take has it. */
import type { Click, ClickVoice } from "#engine/play/metronome.ts";

/** Hertz of a bar's first beat and of the others. */
const FIRST = 1760;
const OTHERS = 1175;

/** Seconds that a click takes to rise, and to be inaudible. */
const RISE = 0.001;
const LENGTH = 0.05;

/** Amplitude at level 1: clear above a full band. */
const LOUDEST = 0.5;

/** Clicks on an audio context, which stays the caller's. */
export class ClickSounds implements ClickVoice {
  readonly #context: BaseAudioContext;
  readonly #output: AudioNode;
  readonly #waiting = new Set<OscillatorNode>();

  constructor(context: BaseAudioContext, output: AudioNode) {
    this.#context = context;
    this.#output = output;
  }

  click({ time, level, first }: Click): void {
    const start = Math.max(time, this.#context.currentTime);
    const tone = this.#context.createOscillator();
    const envelope = this.#context.createGain();
    tone.frequency.value = first ? FIRST : OTHERS;
    envelope.gain.setValueAtTime(0, start);
    envelope.gain.linearRampToValueAtTime(LOUDEST * level, start + RISE);
    envelope.gain.exponentialRampToValueAtTime(1e-4, start + LENGTH);
    tone.connect(envelope).connect(this.#output);
    tone.onended = () => {
      this.#waiting.delete(tone);
      envelope.disconnect();
    };
    tone.start(start);
    tone.stop(start + LENGTH);
    this.#waiting.add(tone);
  }

  silence(): void {
    for (const tone of this.#waiting) tone.stop();
  }
}
