/**
 * Renders notes through the band without a clock. Voices are made just in time: the rendering is
 * suspended once a second and that second's notes are created then, because an engine slows down
 * with every node it holds, sounding or not. All suspensions are registered before rendering starts
 * and 20 ms earlier: node-web-audio-api can panic where both happen in one turn of the event loop.
 */
import type { TimedNote } from "#engine/player.ts";
import type { Band } from "./band.ts";
import { ROOM_TAIL } from "./impulse.ts";

/** Seconds of release and room after the last note's end. */
export const RENDER_TAIL = ROOM_TAIL + 0.7;

/** Notes are created this many seconds before the second in which they start. */
const MARGIN = 0.1;
const SETTLE = 20; // milliseconds

/** How long the rendering of `notes` must be to cut nothing, seconds. */
export function renderedLength(notes: readonly TimedNote[]): number {
  return notes.reduce((end, note) => Math.max(end, note.start + note.length), 0) + RENDER_TAIL;
}

/**
 * Renders what `band`, built on `context` and loaded, plays of `notes` (in any order) until the
 * context's length. `onProgress` gets 0-1 once a rendered second.
 */
export async function renderOffline(
  context: OfflineAudioContext,
  band: Band,
  notes: readonly TimedNote[],
  onProgress: (progress: number) => void,
): Promise<AudioBuffer> {
  const seconds = context.length / context.sampleRate;
  const inOrder = [...notes].sort((a, b) => a.start - b.start);
  let next = 0;
  const playUntil = (time: number) => {
    while (next < inOrder.length && inOrder[next].start < time) band.play(inOrder[next++]);
  };
  const errors: unknown[] = [];
  band.output.connect(context.destination);
  playUntil(1 + MARGIN);
  const suspensions: Promise<void>[] = [];
  for (let second = 1; second < seconds; second++) {
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
  await new Promise((settled) => setTimeout(settled, SETTLE));
  const rendered = await context.startRendering();
  await Promise.all(suspensions);
  if (errors.length > 0) throw errors[0];
  onProgress(1);
  return rendered;
}
