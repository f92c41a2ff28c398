/**
 * What is asked of a composer and what comes back, whether it runs in a worker, in Node or in a
 * test: the door between the session and the model.
 */
import type { Emitter } from "#base/emitter.ts";
import type { SampleWay } from "#model/sampler.ts";
import type { ChartOrder } from "#music/chart/ordered-chart.ts";
import type { Note } from "#music/note.ts";
import type { ChordLock } from "#music/rules/chart-rules.ts";
import type { ConstraintSettings } from "#music/rules/constraint.ts";
import type { TokenKind } from "#music/rules/piece-grammar.ts";
import type { GivenMusic } from "./given-music.ts";
import type { PlayedNotes } from "./played-notes.ts";

/** How strictly melodic notes keep to the chords of the chart where the constraint does not say. */
export const USUAL_CHORD_LOCK: ChordLock = "beats";

/** A part of what would be drawn, from the lowest or softest on: 0 <= from < to <= 1. */
export type Share = readonly [from: number, to: number];

/** How tokens are drawn, apart for what they decide. A temperature of 1 draws as the model was trained; at most 2. */
export interface SamplingSettings extends Readonly<Record<TokenKind, SampleWay>> {
  /** Of each instrument, by its id, which part of its velocities is left; all of all where undefined. */
  readonly velocities?: readonly Share[];
}

/** Rhythm, dynamics and pitch drawn the same way. */
export const drawnAlike = (way: SampleWay): SamplingSettings => ({
  rhythm: way,
  dynamics: way,
  pitch: way,
});

/** Everything a piece follows from: the same settings on the same model and backend, the same notes. */
export interface CompositionSettings {
  readonly constraint: ConstraintSettings;
  readonly sampling: SamplingSettings;
  readonly seed: number;
  /**
   * Quarter notes a minute, `DEFAULT_TEMPO` where undefined: by it a model that writes clock time counts steps.
   * Read when a piece begins; a retake keeps the piece's own.
   */
  readonly tempo?: number;
  /** What the bars should be like, in the constraint's metres; all open where undefined. */
  readonly chart?: ChartOrder;
  /** The bar line at which the piece ends, in steps; it never does where undefined. */
  readonly endsAt?: number;
  /** What a human played with it: enters its past at a retake. */
  readonly played?: PlayedNotes;
  /** What is not drawn but given, from where it begins on. */
  readonly given?: readonly GivenMusic[];
  /** Music that is stuck is led out of it, unless this is false: where the player loops on purpose. */
  readonly escapesRuts?: boolean;
  /** Sections that return are partly note for note as they were, unless this is false: where all is to be new. */
  readonly returns?: boolean;
}

/** When an order was carried out: all that is needed to give it again at the same point. */
export interface CarriedOut {
  readonly revision: number;
  /** Tokens drawn since the piece began. */
  readonly drawn: number;
  /** What began there or later was taken back, the earliest of retakes that became one; 0 for a beginning. */
  readonly step: number;
}

/** Notes just composed. */
export interface ComposedNotes {
  /** Number of the revision they belong to: notes of an earlier one are stale. */
  readonly revision: number;
  readonly notes: readonly Note[];
  /** Tokens drawn for them and the milliseconds that took, for the rate shown. */
  readonly tokens: number;
  readonly milliseconds: number;
  /** Of the tokens, those that were given and took no time; none where undefined. */
  readonly given?: number;
  /** Nats of what was drawn for them: how unlikely it was to the model; undefined where nothing tells. */
  readonly surprise?: number;
  /** How often the piece was led out of a rut since it began; 0 where undefined. */
  readonly escapes?: number;
  /** Where the piece ends, in steps: these are its last notes. */
  readonly endsAt?: number;
  /** Orders that were carried out since the last notes, in their order; those that are not named became one with later ones. */
  readonly carriedOut?: readonly CarriedOut[];
}

/** A composer somewhere. Notes arrive through `composed`, faults through `failed`. */
export interface CompositionSource {
  readonly composed: Emitter<ComposedNotes>;
  readonly failed: Emitter<Error>;
  /** Begins a new piece, continuing `prime` where given. Returns the number of the revision. */
  begin(settings: CompositionSettings, prime?: readonly Note[]): number;
  /** Composes on until an event's onset reaches `step`; the newest call counts. */
  composeUntil(step: number): void;
  /** Takes back what lies at `step` or later and goes on under other settings. Returns the new revision. */
  retake(step: number, settings: CompositionSettings): number;
  /** Stops composing and frees what it holds. */
  dispose(): void;
}
