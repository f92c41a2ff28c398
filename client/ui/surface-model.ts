/**
 * What the surface needs from the rest, as interfaces: the engine's session and studio and the
 * MIDI player satisfy them by their shape, and tests put fakes in their place.
 */
import type { Emitter } from "#base/emitter.ts";
import type { Remark } from "#base/remark.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type { CalibrationState } from "#engine/hardware/calibration.ts";
import type { ControlNames } from "#engine/hardware/control-names.ts";
import type { KeyboardBoard } from "#engine/hardware/keyboard-settings.ts";
import type { Learning } from "#engine/hardware/learning.ts";
import type { ListeningState } from "#engine/hardware/listening.ts";
import type { MappingBoard } from "#engine/hardware/mapping.ts";
import type { Target } from "#engine/hardware/target.ts";
import type { Charting } from "#engine/jam/chart-desk.ts";
import type { Keys } from "#engine/jam/hand.ts";
import type { Leading } from "#engine/jam/leading.ts";
import type { Machine, MachineName } from "#engine/jam/machine.ts";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import type { Controls, Performance, Strip } from "#engine/jam/performance.ts";
import type { PortSettings, PortSettingsTable } from "#engine/jam/port-settings.ts";
import type { SessionState } from "#engine/jam/session-state.ts";
import type { StudioState } from "#engine/studio/studio-state.ts";
import type { GrooveMap } from "#music/groove-map.ts";
import type { Instrument } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";

/** Where the music stands, in steps; `step` may lie between two. */
export interface Timeline {
  /** The playhead. */
  readonly step: number;
  /** What begins before it is not taken back any more. */
  readonly committedStep: number;
  /** The music is composed up to here. */
  readonly plannedStep: number;
}

/** The live band. `changed` fires after every change of `state`. */
export interface SessionLike {
  readonly state: SessionState;
  readonly changed: Emitter<SessionState>;
  /** Starts or goes on; must be called inside a user gesture, because it may open the audio. */
  play(): Promise<void>;
  /** Ends the sound at once; `play` goes on from there. */
  stop(): void;
  /** Brings the piece to an end, at a bar that is soon. */
  end(): void;
  /** Goes on with the piece that was left in play; see `leftBars`. */
  goOn(): void;
  /** Begins a new piece with a new seed. */
  startOver(): void;
  tapTempo(): void;
  setControls(change: Partial<Controls>): void;
  setStrip(instrument: Instrument, change: Partial<Strip>): void;
  /** What the player has set. */
  readonly performance: Performance;
  /** Brings a performance back at the next bar. */
  bringBack(performance: Performance): void;
  /** The chart that the player writes on. */
  readonly charting: Charting;
  /** Where the player leads the piece. */
  readonly leading: Leading;
  /** Keys to play along on. */
  readonly keys: Keys;
  /** Takes the newest decision back, and makes it again. */
  undo(): void;
  redo(): void;
  /** The recent past and everything planned, by onset; a live view, never kept. */
  readonly notes: readonly Note[];
  /** The metres of what was played and of what is planned; for animation frames. */
  readonly metres: MetreMap;
  /** How it was and will be played; for animation frames. */
  readonly grooves: GrooveMap;
  /** For animation frames. */
  timeline(): Timeline;
  /** Meter of an instrument, 0-1; for animation frames. */
  level(instrument: Instrument): number;
  /** What was heard so far, as a Standard MIDI File. */
  takeAsMidi(): Uint8Array;
}

/** Kinds of audio file a track can be rendered to. */
export type AudioFormat = "mp3" | "wav";

/** The place where whole tracks are composed. */
export interface StudioLike {
  readonly state: StudioState;
  readonly changed: Emitter<StudioState>;
  compose(request: ComposeRequest): void;
  cancel(): void;
  clear(): void;
  /** Throws one track away that is finished. */
  remove(name: string): void;
  /** Plays a finished track with the page's voices. */
  listen(name: string): void;
  stopListening(): void;
  /** Where the track that is listened to stands, in steps; for animation frames. */
  listeningStep(): number | undefined;
  /** @param onProgress takes the share done, 0-1. Rejects with a `Failure`. */
  renderAudio(
    name: string,
    format: AudioFormat,
    onProgress: (share: number) => void,
  ): Promise<Blob>;
}

/** The MIDI inputs and outputs. */
export interface MidiPortsLike {
  readonly state: MidiPortsState;
  readonly changed: Emitter<MidiPortsState>;
  /** Asks the browser, and the browser the person. Never rejects: see `state`. */
  request(): Promise<void>;
}

/** What holds for each MIDI port, by its name. */
export interface PortSettingsLike {
  readonly state: PortSettingsTable;
  readonly changed: Emitter<PortSettingsTable>;
  of(port: string): PortSettings;
  set(port: string, change: Partial<PortSettings>): void;
}

/** A second output, for one pair of ears. */
export interface CueLike {
  readonly state: {
    /** Whether this browser can send sound to two outputs. */
    readonly isOffered: boolean;
    readonly outputs: readonly { readonly id: string; readonly name: string }[];
    readonly chosen: string | undefined;
  };
  readonly changed: Emitter<CueLike["state"]>;
  /** Asks the browser for the outputs, and the browser the person. Rejects with a `Failure`. */
  request(): Promise<void>;
  /** Must be called inside a user gesture. Rejects with a `Failure`. */
  choose(id: string | undefined): Promise<void>;
  /** Plays notes once, the first at `from`. Rejects with a `Failure` where samples do not arrive. */
  listen(notes: readonly Note[], from: number, tempo: number): Promise<void>;
  stop(): void;
}

/** Places that each keep a performance; undefined where one is empty. */
export interface BanksLike {
  readonly state: readonly (Performance | undefined)[];
  readonly changed: Emitter<readonly (Performance | undefined)[]>;
  /** Keeps a performance in place of what was there; undefined empties the place. */
  keep(index: number, performance: Performance | undefined): void;
}

/** Makes links to what was heard so far. */
export interface SharingLike {
  /** Copies one, or puts it into the address bar. Rejects with a `Failure`. */
  copyLink(): Promise<"copied" | "in the address">;
}

/** The manners of playing that ship. */
export interface ScenesLike {
  readonly names: readonly { readonly id: string; readonly name: string }[];
  /** What a scene makes of a performance. Rejects with a `Failure`. */
  performance(id: string, now: Performance): Promise<Performance>;
}

/** The clock that the music goes by: its own, or that of a MIDI input. */
export interface ClockSourceLike {
  readonly state: {
    /** Name of the input; undefined where the music has its own tempo. */
    readonly source: string | undefined;
    /** Quarter notes a minute as heard; undefined while nothing is. */
    readonly tempo: number | undefined;
    /** By how much that may be off. */
    readonly tempoOff: number;
    readonly locked: boolean;
  };
  readonly changed: Emitter<ClockSourceLike["state"]>;
  choose(source: string | undefined): void;
}

/** Keyboards and controllers that are played on. */
export interface HardwareLike {
  readonly keyboards: KeyboardBoard;
  readonly mappings: MappingBoard;
  /** What controls are called, as far as it is known. */
  readonly controlNames: Pick<ControlNames, "of" | "changed">;
  readonly learning: Learning;
  /** What may be learned, by its id. */
  readonly targets: ReadonlyMap<string, Target>;
  readonly calibration: CalibrationLike;
  readonly listening: ListeningLike;
  readonly sysex: SysexLike;
}

/** Finds how late a port sounds, by taps along with clicks. */
export interface CalibrationLike {
  readonly state: CalibrationState;
  readonly changed: Emitter<CalibrationState>;
  /** Begins on the port that an instrument plays on; call it inside the user's gesture. */
  start(instrument: Instrument): void;
  stop(): void;
  /** @param time of the tap, milliseconds on the performance clock; true where it counts */
  tap(time: number): boolean;
}

/** Finds what a machine is like by listening to it. */
export interface ListeningLike {
  readonly state: ListeningState;
  readonly changed: Emitter<ListeningState>;
  /** Asks for a microphone and begins on the port that an instrument plays on; call it inside the user's gesture. */
  start(instrument: Instrument): void;
  stop(): void;
}

/** Whether system exclusive messages may be sent, and the way to ask. */
export interface SysexLike {
  readonly state: {
    readonly status: "unasked" | "asking" | "granted" | "refused";
    readonly message: Remark | undefined;
  };
  readonly changed: Emitter<SysexLike["state"]>;
  request(): Promise<void>;
}

/** The machines that a route can be set up for. */
export interface MachinesLike {
  /** Rejects with a `Failure`. */
  names(): Promise<readonly MachineName[]>;
  /** Rejects with a `Failure`. */
  machine(id: string): Promise<Machine>;
}

/** Something small that outlives the page; `read` gives undefined where nothing is kept. */
export interface Kept<T> {
  read(): T | undefined;
  write(value: T): void;
}
