/**
 * A second output, for one pair of ears: what is listened to there is not heard by the rest. A band of its own, opened on
 * the output that is chosen (`AudioContext` with a sink), closed when none is. Names of outputs are the browser's to give:
 * Chromium does once a page may use the microphone, which is let go of at once.
 */
import type { Seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { Playback } from "#engine/play/playback.ts";
import type { Player } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";

/** What it plays through. */
export interface CueVoices extends Player {
  readonly now: Seconds;
  load(instrument: Instrument): Promise<void>;
  unlock(): Promise<void>;
}

/** What it needs of its surroundings. */
export interface CueParts {
  /** Opens voices on an output. @param sink the output's id */
  readonly open: (sink: string) => CueVoices;
  /** Undefined where the browser cannot send sound to two outputs. */
  readonly devices: Pick<MediaDevices, "enumerateDevices" | "getUserMedia"> | undefined;
}

/** An output. */
export interface CueOutput {
  readonly id: string;
  readonly name: string;
}

/** What is shown of it. */
export interface CueState {
  /** Whether this browser can do it. */
  readonly isOffered: boolean;
  /** Those that can be chosen, beside the one that everybody hears; none before they were asked for. */
  readonly outputs: readonly CueOutput[];
  /** The id of the one that is. */
  readonly chosen: string | undefined;
}

/** Names for the output that everybody hears, as Chromium lists it beside its own. */
const USUAL = ["default", "communications"];

/** See the header. */
export class Cue {
  readonly changed = new Emitter<CueState>();
  readonly #parts: CueParts;
  #state: CueState;
  #voices: CueVoices | undefined;
  #playback: Playback | undefined;

  constructor(parts: CueParts) {
    this.#parts = parts;
    this.#state = { isOffered: parts.devices !== undefined, outputs: [], chosen: undefined };
  }

  get state(): CueState {
    return this.#state;
  }

  /** Asks which outputs there are. @throws Failure "unavailable" where the browser does not say */
  async request(): Promise<void> {
    const { devices } = this.#parts;
    if (devices === undefined) return;
    const outputs = async () =>
      (await devices.enumerateDevices()).filter(({ kind }) => kind === "audiooutput");
    let known = await outputs();
    if (known.every(({ label }) => label === "")) {
      await allowed(devices);
      known = await outputs();
    }
    this.#show({
      outputs: known
        .filter(({ deviceId, label }) => label !== "" && !USUAL.includes(deviceId))
        .map(({ deviceId: id, label: name }) => ({ id, name })),
    });
  }

  /** What is listened to sounds there from now on; nowhere where undefined. Call inside a user's gesture. @param id of an output */
  async choose(id: string | undefined): Promise<void> {
    this.stop();
    this.#voices?.dispose();
    this.#voices = id === undefined ? undefined : this.#parts.open(id);
    this.#show({ chosen: id });
    await this.#voices?.unlock();
  }

  /**
   * Plays notes once through, in place of what is played; silent where no output is chosen. @param from the step that
   * is their first @param tempo quarter notes a minute
   */
  async listen(notes: readonly Note[], from: number, tempo: number): Promise<void> {
    const voices = this.#voices;
    this.stop();
    if (voices === undefined || notes.length === 0) return;
    const moved = notes.map((note) => ({ ...note, onset: note.onset - from }));
    const tempos = [{ step: 0, tempo }];
    this.#playback = new Playback(moved, tempos, voices, voices.now, () => undefined);
    // Until its samples are there an instrument plays synthesised.
    const instruments = new Set(notes.map(({ instrument }) => instrument));
    await Promise.all([...instruments].map((instrument) => voices.load(instrument)));
  }

  /** Ends what is played. */
  stop(): void {
    if (this.#voices !== undefined) this.#playback?.stop(this.#voices.now);
    this.#playback = undefined;
  }

  /** Call often. */
  tick(): void {
    if (this.#voices !== undefined) this.#playback?.tick(this.#voices.now);
  }

  #show(change: Partial<CueState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed.emit(this.#state);
  }
}

/** Asks for the microphone, and lets it go. */
async function allowed(devices: Pick<MediaDevices, "getUserMedia">): Promise<void> {
  try {
    const stream = await devices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new Failure("unavailable", remark("outputs-unnamed", {}));
  }
}
