/** Runs beside the sound: hands over what the microphone hears, blocks of one channel with the frame they begin at. */

/** What the page gets. */
export interface HeardFrames {
  readonly frame: number;
  readonly samples: Float32Array;
}

declare const currentFrame: number;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };
declare function registerProcessor(name: string, processor: unknown): void;

/** Frames that are handed over at a time. */
const BLOCK = 1024;

class MicrophoneProcessor extends AudioWorkletProcessor {
  #frame = 0;
  #filled = 0;
  #samples = new Float32Array(BLOCK);

  process([channels]: readonly (readonly Float32Array[])[]): true {
    if (channels.length === 0) return true;
    if (this.#filled === 0) this.#frame = currentFrame;
    const [first] = channels;
    for (let at = 0; at < first.length; at++) {
      const sum = channels.reduce((total, channel) => total + channel[at], 0);
      this.#samples[this.#filled + at] = sum / channels.length;
    }
    this.#filled += first.length;
    if (this.#filled < BLOCK) return true;
    const heard: HeardFrames = { frame: this.#frame, samples: this.#samples };
    this.port.postMessage(heard, [this.#samples.buffer]);
    this.#samples = new Float32Array(BLOCK);
    this.#filled = 0;
    return true;
  }
}

registerProcessor("microphone", MicrophoneProcessor);
