/** The roll at one moment, as its painters take it. */
import type { Futures } from "#engine/jam/futures-desk.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import type { Timeline } from "../surface-model.ts";
import type { RollView } from "./roll-view.ts";

/** What one frame shows. */
export interface RollScene {
  readonly view: RollView;
  /** By onset. */
  readonly notes: readonly Note[];
  /** A note as it sounds, where it is drawn. */
  readonly soundingOf: (note: Note) => Note;
  readonly timeline: Timeline;
  readonly metres: MetreMap;
  /** Seconds composed ahead, for the label. */
  readonly ahead: number;
  /** From where on holds what was called for a bar line: a bank, a scene, bars that go round. */
  readonly comingStep?: number | undefined;
  /** Whether each instrument, by id, is heard; the silent ones are drawn faint. */
  readonly audible: readonly boolean[];
  /** Ways to go on, and the index of the one that is pointed at. */
  readonly futures?: Futures | undefined;
  readonly seen?: number | undefined;
}
