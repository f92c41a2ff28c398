/** What was heard of a jam, as it can be kept and gone on from. */
import type { Controls } from "#engine/jam/performance.ts";
import type { Prime } from "#music/midi/prime.ts";

/** One take. */
export interface Take {
  /** As they stood at its end. */
  readonly controls: Controls;
  /** Its notes, and the metres and tempos they had. */
  readonly music: Prime;
  /** A Standard MIDI File. */
  readonly midi: Uint8Array;
}
