/**
 * Asks the browser for MIDI, lists its outputs as they come and go, and says what stands in the way. Never rejects:
 * without MIDI the instrument plays on. Asked again after a refusal it asks the browser again.
 */
import { type Input, type Output, type PortEvent, WebMidi } from "webmidi";
import { Emitter } from "#base/emitter.ts";
import { describeError } from "#base/failure.ts";
import { type BrowserFamily, type Remark, remark } from "#base/remark.ts";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import { PortNames } from "./port-names.ts";

/** What the page offers; given from outside so that tests can refuse. */
export interface MidiSurroundings {
  readonly isSecureContext: boolean;
  readonly browser: BrowserFamily;
  /** `navigator.requestMIDIAccess`, or undefined where the browser has none. */
  readonly requestMIDIAccess: ((options?: MIDIOptions) => Promise<MIDIAccess>) | undefined;
  /** Whether the person has allowed it before; "unknown" where the browser does not tell. */
  readonly permission: () => Promise<PermissionState | "unknown">;
}

/** The family of a browser, of its `navigator.userAgent`: they differ in how MIDI is allowed. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Chrom(e|ium)\//.test(userAgent)) return "chromium";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}

/** Those of this page. */
export const ownSurroundings = (): MidiSurroundings => ({
  isSecureContext: globalThis.isSecureContext,
  browser: browserFamily(navigator.userAgent),
  requestMIDIAccess:
    typeof navigator.requestMIDIAccess === "function"
      ? (options) => navigator.requestMIDIAccess(options)
      : undefined,
  permission: async () => {
    try {
      return (await navigator.permissions.query({ name: "midi" as PermissionName })).state;
    } catch {
      return "unknown"; // a browser that knows no such permission says so by a TypeError
    }
  },
});

/** The page's way to MIDI. */
export class MidiAccess {
  /** Fires after every change of `state`. */
  readonly changed = new Emitter<MidiPortsState>();
  /** The name of a port that went or came, or did both; fires after `changed`. */
  readonly moved = new Emitter<string>();
  readonly #surroundings: MidiSurroundings;
  readonly #outputNames = new PortNames();
  readonly #inputNames = new PortNames();
  #outputs = new Map<string, Output>();
  #inputs = new Map<string, Input>();
  #state: MidiPortsState = { status: "unasked", message: undefined, outputs: [], inputs: [] };

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
    const { isSecureContext, requestMIDIAccess, browser } = this.#surroundings;
    if (requestMIDIAccess === undefined) {
      const message = isSecureContext
        ? remark("midi-missing", { browser })
        : remark("midi-insecure", {});
      this.#change({ status: "missing", message, outputs: [], inputs: [] });
      return;
    }
    this.#change({ status: "asking", message: undefined, outputs: [], inputs: [] });
    try {
      // Without validation webmidi passes raw messages on, and `clear` is quiet where it is missing.
      await WebMidi.enable({ validation: false, requestMIDIAccessFunction: requestMIDIAccess });
    } catch (error) {
      this.#change({
        status: "refused",
        message: await this.#refusal(error),
        outputs: [],
        inputs: [],
      });
      return;
    }
    WebMidi.addListener("portschanged", this.#onPortsChanged);
    this.#listPorts();
  }

  /** Asks where the person has allowed it before, so that nobody is asked out of the blue. */
  async requestIfAllowed(): Promise<void> {
    if (this.#state.status !== "unasked") return;
    if ((await this.#surroundings.permission()) === "granted") await this.request();
  }

  /** The output of a name, or undefined where it is not connected. */
  output(name: string): Output | undefined {
    return this.#outputs.get(name);
  }

  /** The input of a name, or undefined where it is not connected. */
  input(name: string): Input | undefined {
    return this.#inputs.get(name);
  }

  /** Lets the ports go. */
  async dispose(): Promise<void> {
    if (this.#state.status !== "granted") return;
    WebMidi.removeListener("portschanged", this.#onPortsChanged);
    this.#state = { status: "unasked", message: undefined, outputs: [], inputs: [] };
    this.#outputs.clear();
    this.#inputs.clear();
    await WebMidi.disable();
  }

  readonly #onPortsChanged = ({ port }: PortEvent) => {
    const before = this.#outputs;
    this.#listPorts();
    // webmidi names no port where one went that the browser still lists: then the lists tell.
    const went = [...before.keys()].filter((name) => !this.#outputs.has(name));
    const moved = port?.type === "output" ? this.#outputNames.of([port]) : went;
    for (const name of moved) this.moved.emit(name);
  };

  #listPorts(): void {
    this.#outputs = named(WebMidi.outputs, this.#outputNames);
    this.#inputs = named(WebMidi.inputs, this.#inputNames);
    const namesOf = (ports: ReadonlyMap<string, unknown>) =>
      [...ports.keys()].map((name) => ({ name }));
    this.#change({
      status: "granted",
      message: undefined,
      outputs: namesOf(this.#outputs),
      inputs: namesOf(this.#inputs),
    });
  }

  /** A prompt that was only closed leaves the permission open: then asking once more is all it takes. */
  async #refusal(error: unknown): Promise<Remark> {
    const { browser } = this.#surroundings;
    switch (error instanceof Error ? error.name : "") {
      case "NotAllowedError":
      case "SecurityError": {
        const dismissed = (await this.#surroundings.permission()) === "prompt";
        return dismissed ? remark("midi-dismissed", {}) : remark("midi-forbidden", { browser });
      }
      case "InvalidStateError":
      case "AbortError":
        return remark("midi-held", {});
      case "NotSupportedError":
        return remark("midi-unsupported", {});
      default:
        return remark("midi-failed", { reason: describeError(error) });
    }
  }

  #change(state: MidiPortsState): void {
    this.#state = state;
    this.changed.emit(state);
  }
}

/** Ports that are connected, by their names. */
function named<Port extends Input | Output>(
  ports: readonly Port[],
  names: PortNames,
): Map<string, Port> {
  const present = ports.filter(({ state }) => state === "connected");
  const given = names.of(present);
  return new Map(present.map((port, index) => [given[index], port]));
}
