/**
 * Asks the browser for MIDI, lists its outputs as they come and go, and says what
 * stands in the way. Never rejects: without MIDI the instrument plays on.
 */
import { type Output, WebMidi } from "webmidi";
import { Emitter } from "#base/emitter.ts";
import { describeError } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";

/** What the page offers; given from outside so that tests can refuse. */
export interface MidiSurroundings {
  readonly isSecureContext: boolean;
  /** `navigator.requestMIDIAccess`, or undefined where the browser has none. */
  readonly requestMIDIAccess: ((options?: MIDIOptions) => Promise<MIDIAccess>) | undefined;
}

const ownSurroundings = (): MidiSurroundings => ({
  isSecureContext: globalThis.isSecureContext,
  requestMIDIAccess:
    typeof navigator.requestMIDIAccess === "function"
      ? (options) => navigator.requestMIDIAccess(options)
      : undefined,
});

/** The page's way to MIDI. */
export class MidiAccess {
  /** Fires after every change of `state`. */
  readonly changed = new Emitter<MidiPortsState>();
  readonly #surroundings: MidiSurroundings;
  #state: MidiPortsState = { status: "unasked", message: undefined, outputs: [] };

  constructor(surroundings: MidiSurroundings = ownSurroundings()) {
    this.#surroundings = surroundings;
  }

  get state(): MidiPortsState {
    return this.#state;
  }

  /** Asks; the browser may ask the person. Resolves when `state` tells the outcome. */
  async request(): Promise<void> {
    const { status } = this.#state;
    if (status === "asking" || status === "granted") return;
    const { isSecureContext, requestMIDIAccess } = this.#surroundings;
    if (requestMIDIAccess === undefined) {
      this.#change({ status: "missing", message: missing(isSecureContext), outputs: [] });
      return;
    }
    this.#change({ status: "asking", message: undefined, outputs: [] });
    try {
      // Without validation webmidi passes raw messages on, and `clear` is quiet where it is missing.
      await WebMidi.enable({ validation: false, requestMIDIAccessFunction: requestMIDIAccess });
    } catch (error) {
      this.#change({ status: "refused", message: refusal(error), outputs: [] });
      return;
    }
    WebMidi.addListener("portschanged", this.#onPortsChanged);
    this.#onPortsChanged();
  }

  /** The output with an id, or undefined where it is not connected. */
  output(id: string): Output | undefined {
    if (this.#state.status !== "granted") return undefined;
    return WebMidi.outputs.find((output) => output.id === id);
  }

  /** Lets the ports go. */
  async dispose(): Promise<void> {
    if (this.#state.status !== "granted") return;
    WebMidi.removeListener("portschanged", this.#onPortsChanged);
    this.#state = { status: "unasked", message: undefined, outputs: [] };
    await WebMidi.disable();
  }

  readonly #onPortsChanged = () => {
    const outputs = WebMidi.outputs.map(({ id, name }) => ({ id, name }));
    this.#change({ status: "granted", message: undefined, outputs });
  };

  #change(state: MidiPortsState): void {
    this.#state = state;
    this.changed.emit(state);
  }
}

const missing = (isSecureContext: boolean): Remark =>
  remark(isSecureContext ? "midi-missing" : "midi-insecure", {});

function refusal(error: unknown): Remark {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return remark("midi-forbidden", {});
    case "InvalidStateError":
    case "AbortError":
      return remark("midi-held", {});
    case "NotSupportedError":
      return remark("midi-unsupported", {});
    default:
      return remark("midi-failed", { reason: describeError(error) });
  }
}
