/**
 * What a page lets out, recorded beside it: a worklet hears whatever is connected to the destination and keeps the newest
 * seconds of it by their place on the audio clock. Nothing inside the page is asked how it sounds.
 */
import type { Page } from "playwright";

/** Seconds that are kept. */
const KEPT = 12;

/** A stretch of sound, one channel. */
export interface Recording {
  /** Seconds of the audio clock at its first sample. */
  readonly from: number;
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

/** What the page holds for those who measure. */
export interface PageRecorder {
  readonly context: AudioContext;
  /** Blocks by their first frame, ascending. */
  readonly blocks: { readonly frame: number; readonly samples: Float32Array }[];
  /** Keys that went down: seconds of the clock that are heard then, of the newest that is rendered, and how late the page was told. */
  readonly keys: { readonly heard: number; readonly rendered: number; readonly told: number }[];
}

declare global {
  var recorder: PageRecorder | undefined;
}

/** Hands over what it hears, 1,024 frames at a time. */
const PROCESSOR = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([input]) {
    this.samples ??= new Float32Array(1024);
    const at = currentFrame % 1024;
    for (const channel of input)
      for (let i = 0; i < 128; i++) this.samples[at + i] += channel[i] / input.length;
    if (at < 896) return true;
    this.port.postMessage({ frame: currentFrame - at, samples: this.samples });
    this.samples = undefined;
    return true;
  }
});`;

/** Puts a recorder beside the output of a page that is not opened yet, and whose content policy is off: it would not let the worklet in. */
export const recordPage = (page: Page): Promise<unknown> =>
  page.addInitScript(recordOutput, { kept: KEPT, processor: PROCESSOR });

/** For a page, before its own scripts. @param options.kept seconds */
function recordOutput({
  kept,
  processor,
}: {
  readonly kept: number;
  readonly processor: string;
}): void {
  const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
  const nodes = new Map<BaseAudioContext, Promise<AudioWorkletNode | undefined>>();
  const open = async (context: AudioContext): Promise<AudioWorkletNode | undefined> => {
    const source = URL.createObjectURL(new Blob([processor], { type: "text/javascript" }));
    try {
      await context.audioWorklet.addModule(source);
    } catch (error) {
      // Tone makes a context by itself and closes it.
      if (context.state === "closed") return undefined;
      throw error;
    }
    const made = new AudioWorkletNode(context, "recorder", { channelCount: 2 });
    const blocks: PageRecorder["blocks"] = [];
    made.port.onmessage = ({ data }) => {
      blocks.push(data);
      const oldest = data.frame - kept * context.sampleRate;
      const first = blocks.findIndex(({ frame }) => frame >= oldest);
      if (first >= 64) blocks.splice(0, first);
    };
    if (context.state !== "closed") globalThis.recorder = { context, blocks, keys: [] };
    connect.call(made, context.destination);
    return made;
  };
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const [target] = args;
    if (target instanceof AudioDestinationNode && target.context instanceof AudioContext) {
      const node = nodes.get(target.context) ?? open(target.context);
      nodes.set(target.context, node);
      void node.then((made) => made !== undefined && connect.call(this, made));
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;
  const strike = ({ timeStamp, repeat }: KeyboardEvent): void => {
    const { recorder } = globalThis;
    if (recorder === undefined || repeat) return;
    const { contextTime = 0, performanceTime = 0 } = recorder.context.getOutputTimestamp();
    const late = (performance.now() - timeStamp) / 1000;
    recorder.keys.push({
      heard: contextTime + (timeStamp - performanceTime) / 1000,
      rendered: recorder.context.currentTime - late,
      told: late,
    });
  };
  addEventListener("keydown", strike, { capture: true });
}

/** The audio time now. */
export const audioTime = (page: Page): Promise<number> =>
  page.evaluate(() => globalThis.recorder!.context.currentTime);

/** What was let out from one audio time to another; waits until that is over. */
export async function recorded(page: Page, from: number, until: number): Promise<Recording> {
  await page.waitForFunction(
    (end) => {
      const { context, blocks } = globalThis.recorder!;
      return (blocks.at(-1)?.frame ?? 0) > end * context.sampleRate;
    },
    until,
    { polling: 50 },
  );
  const { frame, sampleRate, bytes } = await page.evaluate(
    ([begin, end]) => {
      const { context, blocks } = globalThis.recorder!;
      const { sampleRate } = context;
      const within = blocks.filter(
        ({ frame }) => frame >= begin * sampleRate && frame < end * sampleRate,
      );
      const all = new Int16Array(within.length * 1024);
      for (const [at, { samples }] of within.entries())
        all.set(
          samples.map((sample) => 32767 * Math.max(-1, Math.min(1, sample))),
          at * 1024,
        );
      let text = "";
      for (const byte of new Uint8Array(all.buffer)) text += String.fromCharCode(byte);
      return { frame: within[0]?.frame ?? 0, sampleRate, bytes: btoa(text) };
    },
    [from, until],
  );
  const buffer = new Uint8Array(Buffer.from(bytes, "base64")).buffer;
  const samples = Float32Array.from(new Int16Array(buffer), (sample) => sample / 32767);
  return { from: frame / sampleRate, sampleRate, samples };
}
