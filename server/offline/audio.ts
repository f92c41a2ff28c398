/** Songs to files of sound: what the command line and the server's jobs share. */
import { Failure } from "#base/failure.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import type { Song } from "./song.ts";

/** Formats of sound and their media types. */
export const AUDIO_TYPES = { mp3: "audio/mpeg", wav: "audio/wav" } as const;
export type AudioFormat = keyof typeof AUDIO_TYPES;

/** One rendering to be made. */
export interface RenderOrder {
  readonly notes: readonly TimedNote[];
  /** Length of the result. */
  readonly seconds: number;
  /** Folder of the kit that sounds. */
  readonly kitFolder: string;
  readonly format: AudioFormat;
  /** What players call it, in formats that carry a title. */
  readonly title?: string;
  /** Gets 0-1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Renders and encodes; rejects with the signal's reason when aborted. */
export type RenderAudio = (order: RenderOrder) => Promise<Uint8Array>;

/** A part of a song: the mix, or one instrument alone. */
export interface Part {
  /** Undefined for the mix. */
  readonly instrument: Instrument | undefined;
  readonly notes: readonly TimedNote[];
}

/** The mix, and with `stems` each instrument that plays, alone and as long as the mix. */
export function partsOf(song: Song, stems: boolean): Part[] {
  const mix: Part = { instrument: undefined, notes: song.notes };
  if (!stems) return [mix];
  const playing = [...INSTRUMENTS.keys()].filter((instrument) =>
    song.notes.some((note) => note.instrument === instrument),
  );
  return [
    mix,
    ...playing.map((instrument) => ({
      instrument,
      notes: song.notes.filter((note) => note.instrument === instrument),
    })),
  ];
}

/** `song.mp3` for the mix, `song-violin.mp3` for a stem; `base` carries no extension. */
export function partName(base: string, part: Part, format: AudioFormat): string {
  const stem =
    part.instrument === undefined ? "" : `-${INSTRUMENTS[part.instrument].toLowerCase()}`;
  return `${base}${stem}.${format}`;
}

/** The title of a part: a stem's names its instrument; none for a song without one. */
export function titleOfPart(title: string | undefined, part: Part): { readonly title?: string } {
  if (title === undefined) return {};
  const { instrument } = part;
  return { title: instrument === undefined ? title : `${title} (${INSTRUMENTS[instrument]})` };
}

/** Progress of one of several equal parts of a work as progress of the whole. */
export function shareOf(
  onProgress: (share: number) => void,
  index: number,
  count: number,
): (share: number) => void {
  return (share) => onProgress((index + share) / count);
}

/** Reads a format's name. @throws Failure "usage" */
export function parseAudioFormat(name: string): AudioFormat {
  if (Object.hasOwn(AUDIO_TYPES, name)) return name as AudioFormat;
  const known = Object.keys(AUDIO_TYPES).join(" and ");
  throw new Failure("usage", `"${name}" is no format of sound; ${known} are.`);
}
