/**
 * The way to system exclusive messages, which browsers allow apart from all other MIDI and only when asked: a second
 * access, so that a refusal takes nothing away. Grids of lights alone use it.
 */
import { Emitter } from "#base/emitter.ts";
import { type Remark, remark } from "#base/remark.ts";
import { type MidiSurroundings, ownSurroundings } from "./midi-access.ts";
import { PortNames } from "./port-names.ts";

/** Whether such messages may be sent; `message` says why not. */
export interface SysexState {
  readonly status: "unasked" | "asking" | "granted" | "refused";
  readonly message: Remark | undefined;
}

/** See the header. */
export class SysexAccess {
  readonly changed = new Emitter<SysexState>();
  readonly #surroundings: MidiSurroundings;
  readonly #names = new PortNames();
  #access: MIDIAccess | undefined;
  #state: SysexState = { status: "unasked", message: undefined };

  constructor(surroundings: MidiSurroundings = ownSurroundings()) {
    this.#surroundings = surroundings;
  }

  get state(): SysexState {
    return this.#state;
  }

  /** Asks; the browser may ask the person. Never rejects. */
  async request(): Promise<void> {
    const { requestMIDIAccess, browser } = this.#surroundings;
    if (this.#state.status === "asking" || this.#state.status === "granted") return;
    this.#change({ status: "asking", message: undefined });
    try {
      if (requestMIDIAccess === undefined) throw new Error("no Web MIDI");
      this.#access = await requestMIDIAccess({ sysex: true });
      this.#change({ status: "granted", message: undefined });
    } catch {
      // Whatever the reason, what to do about it is the same.
      this.#change({ status: "refused", message: remark("sysex-refused", { browser }) });
    }
  }

  /** Sends a message to the output of a name, where that may be done and it is there. */
  send(port: string, data: readonly number[]): void {
    const outputs = [...(this.#access?.outputs.values() ?? [])].filter(
      ({ state }) => state === "connected",
    );
    const named = outputs.map((output) => ({ id: output.id, name: output.name ?? "" }));
    const found = outputs[this.#names.of(named).indexOf(port)];
    found?.send([...data]);
  }

  #change(state: SysexState): void {
    this.#state = state;
    this.changed.emit(state);
  }
}
