/**
 * What a job may be, and what it costs: seconds that it takes one core, estimated before it begins, so
 * that short jobs need not wait for long ones and nobody orders an afternoon. The constants are judgement, not
 * measurements; `npm run bench -- render` tells a machine's pace.
 */
import { Failure } from "#base/failure.ts";
import type { AudioFormat } from "../offline/audio.ts";
import type { SongLimits } from "../offline/song.ts";

/** Bounds of a song that is rendered: half an hour of stereo is judged to take about 2 GB while it is made. */
export const SONG_LIMITS: SongLimits = { seconds: 1800, notes: 50_000 };

/** The most one job may cost: about what a queue runs before it gives up on a job. */
const MOST = 1500;

/** Core seconds of a rendering that begins. */
const START = 1.5;
/** Core seconds of one second of silence, and of one note. */
const SECOND = 0.03;
const NOTE = 0.006;
/** Core seconds of a composed bar. */
const BAR = 0.8;
/** Notes of a composed bar, roughly. */
const NOTES_A_BAR = 24;

/** Bytes of a second of sound. */
const BYTES: Readonly<Record<AudioFormat, number>> = { mp3: 24_000, wav: 176_400 };

/** What a job is measured by. */
export interface Cost {
  /** Seconds of one core. */
  readonly seconds: number;
  /** Bytes of its results. */
  readonly bytes: number;
}

/** The cost of rendering a song. @param passes times it is rendered: the mix and each stem */
export const costOfRender = (
  song: { readonly seconds: number; readonly notes: number },
  passes: number,
  format: AudioFormat,
): Cost => ({
  seconds: passes * (START + SECOND * song.seconds + NOTE * song.notes),
  bytes: passes * BYTES[format] * song.seconds,
});

/** The cost of composing. @param secondsEach length of a track */
export function costOfComposition(
  request: { readonly bars: number; readonly tracks: number },
  secondsEach: number,
  formats: readonly AudioFormat[],
): Cost {
  const { bars, tracks } = request;
  const song = { seconds: secondsEach, notes: NOTES_A_BAR * bars };
  const sounds = formats.map((format) => costOfRender(song, tracks, format));
  return {
    seconds: sounds.reduce((sum, { seconds }) => sum + seconds, START + BAR * bars * tracks),
    bytes: sounds.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Refuses a job that is too much. @param mostBytes of one job's results @throws Failure "too-large" */
export function checkCost({ seconds, bytes }: Cost, mostBytes: number): void {
  if (seconds > MOST) {
    throw new Failure(
      "too-large",
      `This would take about ${Math.ceil(seconds / 60)} minutes and the limit is ${MOST / 60}; ` +
        "leave out stems, or send less at once.",
    );
  }
  if (bytes > mostBytes) {
    throw new Failure(
      "too-large",
      `The results would have ${Math.ceil(bytes / 1e6)} MB and the limit is ` +
        `${Math.floor(mostBytes / 1e6)}; ask for mp3, or for less at once.`,
    );
  }
}
