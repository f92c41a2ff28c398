/** What is known of this machine's MIDI ports: told by the players, shown by the surface. */
import type { Remark } from "#base/remark.ts";

/** A MIDI port of this machine. */
export interface MidiPortName {
  /** As routes name it: no two the same. */
  readonly name: string;
}

/** Whether MIDI can be used; `message` says why not and what to do, undefined when it can. */
export interface MidiPortsState {
  readonly status: "unasked" | "asking" | "granted" | "refused" | "missing";
  readonly message: Remark | undefined;
  readonly outputs: readonly MidiPortName[];
  readonly inputs: readonly MidiPortName[];
}
