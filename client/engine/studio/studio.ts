/** The compose page's engine: a request becomes tracks, composed one after the other, kept in a list. */
import { Emitter } from "#base/emitter.ts";
import { Failure, remarkOf } from "#base/failure.ts";
import { type ComposeRequest, checkRequest, trackName } from "#engine/compose/compose-request.ts";
import type { Note } from "#music/note.ts";
import type { StudioState, Track } from "./studio-state.ts";

/** Composes one piece at a time somewhere else. */
export interface PieceSource {
  /** Composes track `n` (from 1). Rejects with an AbortError when cancelled. */
  composePiece(
    request: ComposeRequest,
    n: number,
    onProgress: (share: number) => void,
  ): Promise<{ notes: readonly Note[]; midi: Uint8Array }>;
  /** Cancels the piece that is being composed. */
  cancelPiece(): void;
  /** Frees the source; it is not used afterwards. */
  dispose(): void;
}

/** What the studio works with. */
export interface StudioParts {
  /** Opens the source at the first request; it is kept until it fails. */
  readonly source: () => Promise<PieceSource>;
  /** Plays a finished track; `ended` is called when it is over. Returns how to stop it. */
  readonly listen: (track: Track, ended: () => void) => () => void;
  /** Renders a MIDI file with the instrument's sounds. */
  readonly render: (
    midi: Uint8Array,
    format: "mp3" | "wav",
    onProgress: (share: number) => void,
  ) => Promise<Blob>;
}

/** Tracks asked for, on their way and done. */
export class Studio {
  readonly changed = new Emitter<StudioState>();
  readonly #parts: StudioParts;
  #state: StudioState = { busy: false, tracks: [], listening: undefined };
  #stopListening: (() => void) | undefined;
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
      trackName(request, index + 1),
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
      }),
    );
    const kept = this.#state.tracks.filter((track) => !names.includes(track.name));
    this.#cancelled = false;
    this.#change({ busy: true, tracks: [...fresh, ...kept] });
    void this.#composeAll(request, names);
  }

  /** Cancels what is not done yet. */
  cancel(): void {
    this.#cancelled = true;
    this.#source?.cancelPiece();
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
    this.#stopListening = this.#parts.listen(track, () => this.#change({ listening: undefined }));
  }

  /** Ends listening. */
  stopListening(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    if (this.#state.listening !== undefined) this.#change({ listening: undefined });
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
      this.#update(name, { status: "done", progress: 1, notes: piece.notes, midi: piece.midi });
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
