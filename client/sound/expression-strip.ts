/**
 * What one channel of a MIDI file does to the voices it plays on one instrument: a factor, a place
 * and a bend with vibrato that change in time, before the instrument's own strip. Only the nodes
 * that the channel asks for are made; bend and vibrato are one signal that drives `detune` of all
 * its voices, so that a voice costs no more than without.
 */
import type { Change, Expression } from "#music/midi/performance.ts";

/** Makes the nodes of a strip. */
export type ExpressionContext = Pick<
  BaseAudioContext,
  "createGain" | "createStereoPanner" | "createConstantSource" | "createOscillator" | "currentTime"
>;

export const GLIDE = 0.008; // seconds a change takes, so that nothing clicks
export const VIBRATO_RATE = 5.5; // hertz
export const VIBRATO_DEPTH = 50; // cents with the wheel at its end
export const CENTS = 100; // in a semitone

/** The nodes between a channel's voices and an instrument's strip. */
export class ExpressionStrip {
  /** What voices connect to. */
  readonly input: AudioNode;
  /** Cents, to be connected to each voice's `detune`; undefined where nothing bends. */
  readonly detune: AudioNode | undefined;
  /** Semitones of the deepest bend, 0 or less: a sound lasts longer by it. */
  readonly lowest: number;
  readonly #sources: AudioScheduledSourceNode[] = [];
  readonly #nodes: AudioNode[] = [];

  constructor(context: ExpressionContext, expression: Expression, output: AudioNode) {
    const { gain, pan, bend, vibrato } = expression;
    this.input = context.createGain();
    let last = this.input;
    const add = <Node extends AudioNode>(node: Node): Node => {
      this.#nodes.push(node);
      return node;
    };
    if (gain.length > 0) follow((this.input as GainNode).gain, gain, 1, context.currentTime);
    if (pan.length > 0) {
      const panner = add(context.createStereoPanner());
      panner.channelCount = 2; // a mono voice keeps its level, as in the strip
      panner.channelCountMode = "explicit";
      follow(panner.pan, pan, 0, context.currentTime);
      last.connect(panner);
      last = panner;
    }
    last.connect(output);
    this.#nodes.push(this.input);
    this.lowest = bend.reduce((lowest, { value }) => Math.min(lowest, value), 0);
    if (bend.length === 0 && vibrato.length === 0) return;
    const detune = add(context.createGain());
    this.detune = detune;
    if (bend.length > 0) {
      const source = add(context.createConstantSource());
      follow(source.offset, scaled(bend, CENTS), 0, context.currentTime);
      source.connect(detune);
      this.#sources.push(source);
    }
    if (vibrato.length > 0) {
      const oscillator = add(context.createOscillator());
      oscillator.frequency.value = VIBRATO_RATE;
      const depth = add(context.createGain());
      follow(depth.gain, scaled(vibrato, VIBRATO_DEPTH), 0, context.currentTime);
      oscillator.connect(depth);
      depth.connect(detune);
      this.#sources.push(oscillator);
    }
    for (const source of this.#sources) source.start();
  }

  /** Takes it out of the graph. */
  dispose(): void {
    for (const source of this.#sources) source.stop();
    for (const node of this.#nodes) node.disconnect();
  }
}

const scaled = (changes: readonly Change[], factor: number): Change[] =>
  changes.map(({ time, value }) => ({ time, value: value * factor }));

/** Lets a parameter step through changes, each a short ramp from where the last one left it. */
function follow(param: AudioParam, changes: readonly Change[], before: number, now: number): void {
  let value = before;
  let free = now; // the time from which nothing is scheduled
  param.setValueAtTime(value, now);
  for (const [index, change] of changes.entries()) {
    const next = changes[index + 1]?.time ?? Number.POSITIVE_INFINITY;
    const time = Math.max(change.time, free);
    if (change.time <= now) {
      param.setValueAtTime(change.value, now);
    } else {
      const end = Math.min(time + GLIDE, Math.max(time, next));
      param.setValueAtTime(value, time);
      if (end > time) param.linearRampToValueAtTime(change.value, end);
      else param.setValueAtTime(change.value, time);
      free = end;
    }
    value = change.value;
  }
}
