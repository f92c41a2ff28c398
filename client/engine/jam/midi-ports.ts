/** What is known of this machine's MIDI outputs: told by the players, shown by the surface. */

/** A MIDI output of this machine. */
export interface MidiOutputName {
  readonly id: string;
  readonly name: string;
}

/** Whether MIDI can be used; `message` says in words why not and what to do, empty when it can. */
export interface MidiPortsState {
  readonly status: "unasked" | "asking" | "granted" | "refused" | "missing";
  readonly message: string;
  readonly outputs: readonly MidiOutputName[];
}
