/**
 * Renders notes through the band without a clock. Voices are made just in time: the rendering is
 * suspended once a second and that second's notes are created then, because an engine slows down
 * with every node it holds, sounding or not.
 */
import type { TimedNote } from "#engine/play/player.ts";
import type { Band } from "./band.ts";
import { ROOM_TAIL } from "./impulse.ts";

/** Seconds of release and room after the last note's end. */
export const RENDER_TAIL = ROOM_TAIL + 0.7;

/** Notes are created this many seconds before the second in which they start. */
const MARGIN = 0.1;

/** Frames an audio engine renders at once (Web Audio, section 2.3, "render quantum"). */
const QUANTUM = 128;

/** How long the rendering of `notes` must be to cut nothing, seconds. */
export function renderedLength(notes: readonly TimedNote[]): number {
  return notes.reduce((end, note) => Math.max(end, note.start + note.length), 0) + RENDER_TAIL;
}

/**
 * Renders what `band`, built on `context` and loaded, plays of `notes` (in any order) until the
 * context's length. `onProgress` gets 0-1 once a rendered second. `settle` resolves when an engine
 * that takes suspensions in its own time has them all; rendering starts then.
 */
export async function renderOffline(
  context: OfflineAudioContext,
  band: Band,
  notes: readonly TimedNote[],
  onProgress: (progress: number) => void,
  settle: () => Promise<void> = async () => undefined,
): Promise<AudioBuffer> {
  const seconds = context.length / context.sampleRate;
  const inOrder = [...notes].sort(inScoreOrder);
  let next = 0;
  const playUntil = (time: number) => {
    while (next < inOrder.length && inOrder[next].start < time) band.play(inOrder[next++]);
  };
  const errors: unknown[] = [];
  band.output.connect(context.destination);
  playUntil(1 + MARGIN);
  const suspensions: Promise<void>[] = [];
  // Suspensions come before a quantum; one asked for in the last would come after the end, where
  // node-web-audio-api panics.
  const last = seconds - QUANTUM / context.sampleRate;
  for (let second = 1; second < last; second++) {
    const suspended = context.suspend(second).then(async () => {
      try {
        playUntil(second + 1 + MARGIN);
        onProgress(second / seconds);
      } catch (error) {
        errors.push(error);
      }
      await context.resume();
    });
    suspensions.push(suspended);
  }
  await settle();
  const rendered = await context.startRendering();
  await Promise.all(suspensions);
  if (errors.length > 0) throw errors[0];
  onProgress(1);
  return rendered;
}

/** One order for one set of notes, so that the same music gives the same samples. */
function inScoreOrder(a: TimedNote, b: TimedNote): number {
  const differences = [a.start - b.start, a.instrument - b.instrument, a.pitch - b.pitch];
  const decisive = [...differences, a.velocity - b.velocity, a.length - b.length];
  return decisive.find((difference) => difference !== 0) ?? 0;
}
