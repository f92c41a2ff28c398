/** The compose page's engine: a request becomes tracks, composed one after the other, kept in a list. */
import { Emitter } from "#base/emitter.ts";
import { Failure, remarkOf } from "#base/failure.ts";
import { type ComposeRequest, checkRequest, trackName } from "#engine/compose/compose-request.ts";
import { PIECE_CONTROLS, type PieceControlName, usualValues } from "#engine/compose/controls.ts";
import { metresOf } from "#engine/compose/piece-time.ts";
import type { Take } from "#engine/journal/take.ts";
import { styleIndex } from "#music/chart/conditions.ts";
import { openingTempo } from "#music/midi/prime.ts";
import { endOfNotes } from "#music/piece.ts";
import type { MadePiece, StudioState, Track } from "./studio-state.ts";

/** Composes one piece at a time somewhere else. */
export interface PieceSource {
  /** Composes track `n` (from 1). Rejects with an AbortError when cancelled. */
  composePiece(
    request: ComposeRequest,
    n: number,
    onProgress: (share: number) => void,
  ): Promise<MadePiece>;
  /** Cancels the piece that is being composed. */
  cancelPiece(): void;
  /** Frees the source; it is not used afterwards. */
  dispose(): void;
}

/** A track that is heard. */
export interface Listening {
  /** Ends it now. */
  stop(): void;
  /** Where it stands, in steps. */
  step(): number;
}

/** What the studio works with. */
export interface StudioParts {
  /** Opens the source at the first request; it is kept until it fails. */
  readonly source: () => Promise<PieceSource>;
  /** Plays a finished track; `ended` is called when it is over. */
  readonly listen: (track: Track, ended: () => void) => Listening;
  /** Renders a MIDI file with the instrument's sounds. */
  readonly render: (
    midi: Uint8Array,
    format: "mp3" | "wav",
    onProgress: (share: number) => void,
  ) => Promise<Blob>;
}

const ALL = Object.keys(PIECE_CONTROLS) as PieceControlName[];

/** Tracks asked for, on their way and done. */
export class Studio {
  readonly changed = new Emitter<StudioState>();
  readonly #parts: StudioParts;
  #state: StudioState = { busy: false, tracks: [], listening: undefined };
  #listening: Listening | undefined;
  #cancelled = false;
  #source: PieceSource | undefined;

  constructor(parts: StudioParts) {
    this.#parts = parts;
  }

  get state(): StudioState {
    return this.#state;
  }

  /**
   * Composes the tracks of a request; their state tells how it goes. While busy nothing happens.
   * @throws Failure "usage" for a request out of its limits
   */
  compose(request: ComposeRequest): void {
    if (this.#state.busy) return;
    checkRequest(request);
    const names = Array.from({ length: request.tracks }, (_, index) =>
      this.#freeName(trackName(request, index + 1)),
    );
    const fresh = names.map(
      (name): Track => ({
        name,
        status: "waiting",
        progress: 0,
        message: undefined,
        request,
        notes: [],
        midi: undefined,
        chart: undefined,
      }),
    );
    // A track that came to nothing makes room for another try.
    const kept = this.#state.tracks.filter(({ name }) => !names.includes(name));
    this.#cancelled = false;
    this.#change({ busy: true, tracks: [...fresh, ...kept] });
    void this.#composeAll(request, names);
  }

  /** Cancels what is not done yet. */
  cancel(): void {
    this.#cancelled = true;
    this.#source?.cancelPiece();
  }

  /** Throws a finished or failed track away. */
  remove(name: string): void {
    if (this.#state.listening === name) this.stopListening();
    const unfinished = (track: Track) => track.status === "waiting" || track.status === "composing";
    this.#change({
      tracks: this.#state.tracks.filter((track) => track.name !== name || unfinished(track)),
    });
  }

  /** Empties the list; what is being composed stays. */
  clear(): void {
    this.stopListening();
    const unfinished = (track: Track) => track.status === "waiting" || track.status === "composing";
    this.#change({ tracks: this.#state.tracks.filter(unfinished) });
  }

  /** Plays a finished track. */
  listen(name: string): void {
    this.stopListening();
    const track = this.#state.tracks.find((candidate) => candidate.name === name);
    if (track?.status !== "done") return;
    this.#change({ listening: name });
    this.#listening = this.#parts.listen(track, () => {
      this.#listening = undefined;
      this.#change({ listening: undefined });
    });
  }

  /** Ends listening. */
  stopListening(): void {
    this.#listening?.stop();
    this.#listening = undefined;
    if (this.#state.listening !== undefined) this.#change({ listening: undefined });
  }

  /** Where the track that is listened to stands, in steps; for animation frames. */
  listeningStep(): number | undefined {
    return this.#listening?.step();
  }

  /** Adds tracks of an earlier visit below those there are. */
  restore(tracks: readonly Track[]): void {
    const names = new Set(this.#state.tracks.map((track) => track.name));
    const missing = tracks.filter((track) => !names.has(track.name));
    this.#change({ tracks: [...this.#state.tracks, ...missing] });
  }

  /** Adds what was played in a jam, as a finished track. Returns the name it got. */
  keep({ controls, music, midi }: Take): string {
    const name = this.#freeName(`take-${controls.seed}`);
    const bars = metresOf({ prime: music }).barsIn(endOfNotes(music.notes));
    const { style, ...asked } = controls;
    const request = { ...usualValues(ALL), ...asked, bars, tracks: 1 };
    const { key, ...rest } = { ...request, tempo: openingTempo(music), prime: music };
    const track: Track = {
      name,
      status: "done",
      progress: 1,
      message: undefined,
      request: {
        ...rest,
        ...(key === undefined ? {} : { key }),
        ...(styleIndex(style) === undefined ? {} : { style: styleIndex(style) }),
      },
      notes: music.notes,
      midi,
      chart: undefined,
    };
    this.#change({ tracks: [track, ...this.#state.tracks] });
    return name;
  }

  /** A finished track as audio. Rejects where it cannot be rendered, with what to do. */
  async renderAudio(
    name: string,
    format: "mp3" | "wav",
    onProgress: (share: number) => void,
  ): Promise<Blob> {
    const track = this.#state.tracks.find((candidate) => candidate.name === name);
    if (track?.midi === undefined)
      throw new Error(`${name} is not composed yet; wait until it is done.`);
    return await this.#parts.render(track.midi, format, onProgress);
  }

  /** The name, or with a number where a track has it already: what was composed is not lost. */
  #freeName(name: string): string {
    const done = this.#state.tracks.filter((track) => track.status === "done");
    const taken = new Set(done.map((track) => track.name));
    let free = name;
    for (let copy = 2; taken.has(free); copy++) free = `${name}-v${copy}`;
    return free;
  }

  async #composeAll(request: ComposeRequest, names: readonly string[]): Promise<void> {
    try {
      this.#source ??= await this.#parts.source();
    } catch (error) {
      for (const name of names) {
        this.#update(name, { status: "failed", message: remarkOf(error) });
      }
      this.#change({ busy: false });
      return;
    }
    for (const [index, name] of names.entries()) {
      if (this.#cancelled) this.#update(name, { status: "cancelled" });
      else await this.#composeOne(this.#source, request, index + 1, name);
    }
    this.#change({ busy: false });
  }

  async #composeOne(
    source: PieceSource,
    request: ComposeRequest,
    n: number,
    name: string,
  ): Promise<void> {
    this.#update(name, { status: "composing" });
    try {
      const piece = await source.composePiece(request, n, (progress) =>
        this.#update(name, { progress }),
      );
      const { notes, midi, chart } = piece;
      this.#update(name, { status: "done", progress: 1, notes, midi, chart });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") {
        this.#update(name, { status: "cancelled" });
        return;
      }
      this.#update(name, { status: "failed", message: remarkOf(error) });
      // A device or thread that broke is not asked again: the next request opens another.
      if (this.#source === source && !(error instanceof Failure && error.kind === "usage")) {
        source.dispose();
        this.#source = undefined;
        this.#cancelled = true;
      }
    }
  }

  #update(name: string, change: Partial<Track>): void {
    this.#change({
      tracks: this.#state.tracks.map((track) =>
        track.name === name ? { ...track, ...change } : track,
      ),
    });
  }

  #change(change: Partial<StudioState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed.emit(this.#state);
  }
}
