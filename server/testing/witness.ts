/** What comes out of a page's audio contexts, measured beside the page: it is asked nothing about its own sound. */

/** A twentieth of a second of sound. */
export interface Level {
  /** Seconds of the context. */
  readonly time: number;
  readonly rms: number;
  readonly peak: number;
}

/** Below this level (dBFS, RMS over 50 ms) nothing is heard. */
export const SILENCE = -60;
/** The longest silence that still is music, in seconds: a bar at 120 BPM may rest. */
export const LONGEST_SILENCE = 2;

/** For a page, before its own scripts: puts an analyser beside whatever it connects to its destination, and reads all of it. */
export function tap(): void {
  const levels: { time: number; rms: number; peak: number }[] = [];
  Object.assign(globalThis, { heard: levels });
  const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const [target] = args;
    if (target instanceof AudioDestinationNode && target.context instanceof AudioContext) {
      const { context } = target;
      const analyser = new AnalyserNode(context, { fftSize: 32_768 });
      connect.call(this, analyser);
      const samples = new Float32Array(analyser.fftSize);
      const block = Math.round(0.05 * context.sampleRate);
      let read = context.currentTime;
      setInterval(() => {
        const now = context.currentTime;
        const fresh = Math.min(samples.length, Math.floor((now - read) * context.sampleRate));
        const blocks = Math.floor(fresh / block);
        if (blocks === 0) return;
        analyser.getFloatTimeDomainData(samples);
        for (let i = 0; i < blocks; i++) {
          const from = samples.length - fresh + i * block;
          let sum = 0;
          let peak = 0;
          for (let at = from; at < from + block; at++) {
            sum += samples[at] ** 2;
            peak = Math.max(peak, Math.abs(samples[at]));
          }
          levels.push({ time: read + i * 0.05, rms: Math.sqrt(sum / block), peak });
        }
        read += (blocks * block) / context.sampleRate;
      }, 100);
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;
}

/** For a tapped page: all that was heard so far. */
export const heard = (): Level[] => (globalThis as unknown as { heard: Level[] }).heard;

/** For a page: keeps every phase but playing that comes from now on. */
export function watchPhases(): void {
  const phases: string[] = [];
  Object.assign(globalThis, { phases });
  document
    .querySelector("cadenza-app")
    ?.session?.changed.on(({ phase }) => phase !== "playing" && phases.push(phase));
}

/** For a page: what the session says of itself, and the phases since `watchPhases`. */
export function readSession() {
  const state = document.querySelector("cadenza-app")?.session?.state;
  const { phases } = globalThis as unknown as { phases: string[] };
  return { backend: state?.backend, phases, leading: state?.controls.lead ?? -1 };
}

export const decibels = (amplitude: number): number => 20 * Math.log10(Math.max(amplitude, 1e-9));

/** The mean level, as an amplitude (RMS). */
export const meanOf = (levels: readonly Level[]): number =>
  Math.sqrt(levels.reduce((sum, { rms }) => sum + rms ** 2, 0) / levels.length);

/** Longest run of silent blocks, in seconds. */
export function longestSilence(levels: readonly Level[]): number {
  let longest = 0;
  let run = 0;
  for (const { rms } of levels) {
    run = decibels(rms) < SILENCE ? run + 0.05 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
