/**
 * Plays single notes of a soundfont through FluidSynth, one after another, and cuts the recording
 * into one piece a note. Reverb and chorus are off: the room is the mixer's business. All sound is
 * stopped (controller 120) before the next note, so that no piece holds the tail of another.
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type MidiEvent, writeMidi } from "midi-file";
import { Failure } from "#base/failure.ts";

const run = promisify(execFile);

/** Rate of everything that is recorded, frames a second. */
export const RECORDING_RATE = 44_100;

const TICKS_A_SECOND = 960; // division 480 at 120 beats a minute
const REST = 0.25; // seconds between notes

/** One note to record. */
export interface Strike {
  readonly pitch: number;
  readonly velocity: number;
  /** How long it is held and recorded, seconds. */
  readonly seconds: number;
}

/** Left and right, of equal length, at `RECORDING_RATE`. */
export type Stereo = readonly [Float32Array, Float32Array];

/** What to play, and in which folder to put the recording meanwhile. */
export interface Recording {
  readonly soundfont: string;
  readonly program: number;
  /** 0-15; 9 is percussion. */
  readonly channel: number;
  readonly strikes: readonly Strike[];
  readonly folder: string;
}

/** Records every strike. Throws `Failure` where FluidSynth is missing or refuses the soundfont. */
export async function record(recording: Recording): Promise<Stereo[]> {
  const midi = join(recording.folder, "strikes.mid");
  const raw = join(recording.folder, "strikes.raw");
  await writeFile(midi, midiOf(recording));
  const settings = ["-R", "0", "-C", "0", "-g", "0.5", "-o", "synth.dynamic-sample-loading=1"];
  const output = ["-r", String(RECORDING_RATE), "-T", "raw", "-O", "float", "-F", raw];
  try {
    await run("fluidsynth", ["-ni", "-q", ...settings, ...output, recording.soundfont, midi]);
  } catch (cause) {
    const remedy = "install it (Debian: apt-get install fluidsynth musescore-general-soundfont)";
    throw new Failure("unavailable", `FluidSynth did not record: ${remedy}.`, { cause });
  }
  return cut(await readFile(raw), recording.strikes);
}

function midiOf({ program, channel, strikes }: Recording): Uint8Array {
  const track: MidiEvent[] = [
    { deltaTime: 0, meta: true, type: "setTempo", microsecondsPerBeat: 500_000 },
    { deltaTime: 0, channel, type: "programChange", programNumber: program },
  ];
  for (const { pitch, velocity, seconds } of strikes) {
    const held = Math.round(seconds * TICKS_A_SECOND);
    const rest = Math.round(REST * TICKS_A_SECOND);
    track.push(
      { deltaTime: rest, channel, type: "noteOn", noteNumber: pitch, velocity },
      { deltaTime: held, channel, type: "noteOff", noteNumber: pitch, velocity: 0 },
      { deltaTime: 0, channel, type: "controller", controllerType: 120, value: 0 },
    );
  }
  track.push({ deltaTime: TICKS_A_SECOND, meta: true, type: "endOfTrack" });
  const header = { format: 0 as const, numTracks: 1, ticksPerBeat: 480 };
  return Uint8Array.from(writeMidi({ header, tracks: [track] }));
}

/** Cuts interleaved stereo float32 into one piece a strike. */
function cut(raw: Buffer, strikes: readonly Strike[]): Stereo[] {
  const samples = new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength >> 2);
  const pieces: Stereo[] = [];
  let ticks = 0;
  for (const { seconds } of strikes) {
    ticks += Math.round(REST * TICKS_A_SECOND);
    const held = Math.round(seconds * TICKS_A_SECOND);
    const first = Math.round((ticks / TICKS_A_SECOND) * RECORDING_RATE);
    const length = Math.floor((held / TICKS_A_SECOND) * RECORDING_RATE);
    ticks += held;
    const piece: Stereo = [new Float32Array(length), new Float32Array(length)];
    for (let frame = 0; frame < length; frame++) {
      piece[0][frame] = samples[2 * (first + frame)] ?? 0;
      piece[1][frame] = samples[2 * (first + frame) + 1] ?? 0;
    }
    pieces.push(piece);
  }
  return pieces;
}
