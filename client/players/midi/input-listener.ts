/**
 * Hears every MIDI input that is connected, and says which went away. What has no channel (clocks, system exclusive) is
 * left to others.
 */
import type { Input, MessageEvent } from "webmidi";
import { Emitter } from "#base/emitter.ts";
import { type HeardMessage, heardMessage } from "#engine/hardware/heard-message.ts";
import type { MidiAccess } from "./midi-access.ts";

/** A message, and who sent it. */
export interface HeardFrom {
  /** The input's name. */
  readonly port: string;
  readonly message: HeardMessage;
  /** Milliseconds on the performance clock. */
  readonly time: number;
}

/** See the header. */
export class InputListener {
  readonly heard = new Emitter<HeardFrom>();
  /** The name of an input that went away. */
  readonly lost = new Emitter<string>();
  readonly #inputs = new Map<string, { input: Input; stop: () => void }>();
  readonly #access: Pick<MidiAccess, "input" | "state" | "changed">;

  constructor(access: Pick<MidiAccess, "input" | "state" | "changed">) {
    this.#access = access;
    access.changed.on(() => this.#follow());
    this.#follow();
  }

  #follow(): void {
    const names = this.#access.state.inputs.map(({ name }) => name);
    for (const [port, { input, stop }] of this.#inputs) {
      if (names.includes(port) && this.#access.input(port) === input) continue;
      stop();
      this.#inputs.delete(port);
      this.lost.emit(port);
    }
    for (const port of names) {
      const input = this.#access.input(port);
      if (input !== undefined && !this.#inputs.has(port))
        this.#inputs.set(port, { input, stop: this.#listen(port, input) });
    }
  }

  #listen(port: string, input: Input): () => void {
    const hear = ({ message, timestamp }: MessageEvent) => {
      const heard = heardMessage(message.rawData);
      if (heard !== undefined) this.heard.emit({ port, message: heard, time: timestamp });
    };
    input.addListener("midimessage", hear);
    return () => input.removeListener("midimessage", hear);
  }
}
