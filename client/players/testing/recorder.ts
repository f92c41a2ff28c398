/** Records what a node plays, by an AudioWorklet, with the frame at which the recording began. */

const WORKLET = `
registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([input]) {
    if (input.length > 0) this.port.postMessage({ frame: currentFrame, samples: input[0].slice() });
    return true;
  }
});`;

/** A recording in progress; mono (the left channel). */
export class Recorder {
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #blocks: { frame: number; samples: Float32Array }[] = [];

  private constructor(context: AudioContext, source: AudioNode) {
    this.#context = context;
    this.#node = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
    this.#node.port.onmessage = ({ data }) => this.#blocks.push(data);
    source.connect(this.#node);
  }

  /** Begins to record `source`. */
  static async start(context: AudioContext, source: AudioNode): Promise<Recorder> {
    const url = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    return new Recorder(context, source);
  }

  /** What was heard from audio time `from` to `to`, in seconds; silence where nothing came. */
  between(from: number, to: number): Float32Array {
    const { sampleRate } = this.#context;
    const first = Math.round(from * sampleRate);
    const heard = new Float32Array(Math.round((to - from) * sampleRate));
    for (const { frame, samples } of this.#blocks) {
      for (let index = 0; index < samples.length; index++) {
        const place = frame + index - first;
        if (place >= 0 && place < heard.length) heard[place] = samples[index];
      }
    }
    return heard;
  }

  /** Ends the recording. */
  stop(): void {
    this.#node.disconnect();
    this.#node.port.close();
  }
}
