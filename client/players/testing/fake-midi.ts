/**
 * MIDI hardware for tests: what a browser's `requestMIDIAccess` would give. A port records every
 * message with the time asked for and the time it was sent, and can be unplugged and plugged in.
 */
import type { MidiSurroundings } from "#players/midi/midi-access.ts";

/** A message as the port got it; times in milliseconds on the performance clock. */
export interface ReceivedMessage {
  readonly data: readonly number[];
  /** When it is to take effect; the time of sending where none was given. */
  readonly time: number;
  readonly sentAt: number;
}

/** What ports of both kinds are, in the shape of `MIDIPort`. */
abstract class FakeMidiPort {
  readonly manufacturer = "Cadenza";
  readonly version = "1";
  readonly id: string;
  readonly name: string;
  state: "connected" | "disconnected" = "connected";
  connection: "open" | "closed" | "pending" = "closed";
  onstatechange: ((event: { port: FakeMidiPort }) => void) | null = null;
  access: FakeMidiAccess | undefined;

  constructor(id: string, name: string) {
    this.id = id;
    this.name = name;
  }

  /** As the Web MIDI API has it: an open port that goes away is pending until it is back. */
  unplug(): void {
    this.change("disconnected", this.connection === "closed" ? "closed" : "pending");
  }

  plugIn(): void {
    this.change("connected", this.connection === "closed" ? "closed" : "open");
  }

  protected change(state: this["state"], connection: this["connection"]): void {
    this.state = state;
    this.connection = connection;
    this.onstatechange?.({ port: this });
    this.access?.onstatechange?.({ port: this });
  }
}

/** An output port in the shape of `MIDIOutput`. `clear` is left out, as in Chrome. */
export class FakeMidiOutput extends FakeMidiPort {
  readonly type = "output";
  /** What came through, and what is still on its way; unplugging drops the latter. */
  received: ReceivedMessage[] = [];
  readonly #now: () => number;

  constructor(id: string, now: () => number = () => performance.now()) {
    super(id, `Synth ${id}`);
    this.#now = now;
  }

  async open(): Promise<this> {
    this.change("connected", "open");
    return this;
  }

  async close(): Promise<this> {
    this.change(this.state, "closed");
    return this;
  }

  send(data: Iterable<number>, time?: number): void {
    if (this.state === "disconnected") {
      throw new DOMException("the port is disconnected", "InvalidStateError");
    }
    const sentAt = this.#now();
    this.received.push({ data: [...data], time: time || sentAt, sentAt });
  }

  override unplug(): void {
    const now = this.#now();
    this.received = this.received.filter(({ time }) => time <= now);
    super.unplug();
  }
}

/** An input port in the shape of `MIDIInput`; `hear` plays the machine that is plugged in there. */
export class FakeMidiInput extends FakeMidiPort {
  readonly type = "input";
  onmidimessage: ((event: { data: Uint8Array; timeStamp: number }) => void) | null = null;

  constructor(id: string) {
    super(id, `Master ${id}`);
  }

  async open(): Promise<this> {
    this.connection = "open";
    return this;
  }

  async close(): Promise<this> {
    this.connection = "closed";
    return this;
  }

  /** @param time milliseconds on the performance clock */
  hear(data: readonly number[], time: number): void {
    this.onmidimessage?.({ data: new Uint8Array(data), timeStamp: time });
  }
}

/** Access to fake ports, in the shape of `MIDIAccess`. */
export class FakeMidiAccess {
  readonly inputs = new Map<string, FakeMidiInput>();
  readonly outputs = new Map<string, FakeMidiOutput>();
  readonly sysexEnabled = false;
  onstatechange: ((event: { port: FakeMidiPort }) => void) | null = null;

  constructor(...ports: (FakeMidiOutput | FakeMidiInput)[]) {
    for (const port of ports) {
      port.access = this;
      if (port.type === "output") this.outputs.set(port.id, port);
      else this.inputs.set(port.id, port);
    }
  }
}

/** A page on which MIDI is allowed, and is this. */
export const allowing = (access: FakeMidiAccess): MidiSurroundings => ({
  isSecureContext: true,
  browser: "chromium",
  requestMIDIAccess: async () => access as unknown as MIDIAccess,
  permission: async () => "granted",
});

/**
 * The notes a receiver of `messages` would have sounding at `time`, as "channel:pitch". Notes that a pedal holds sound;
 * all notes off and all sound off end what they should.
 */
export function soundingAt(messages: readonly ReceivedMessage[], time: number): Set<string> {
  const due = messages
    .map((message, order) => ({ ...message, at: Math.max(message.time, message.sentAt), order }))
    .filter(({ at }) => at <= time)
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const sounding = new Set<string>();
  const held = new Set<string>();
  const pedals = new Set<number>();
  const end = (channel: number) => {
    for (const note of [...sounding, ...held]) {
      if (!note.startsWith(`${channel}:`)) continue;
      sounding.delete(note);
      held.delete(note);
    }
  };
  for (const { data } of due) {
    const [status, first, second] = data;
    const [kind, channel] = [status & 0xf0, status & 0x0f];
    const note = `${channel}:${first}`;
    if (kind === 0x90 && second > 0) sounding.add(note);
    else if (kind === 0x80 || kind === 0x90) {
      if (pedals.has(channel) && sounding.has(note)) held.add(note);
      sounding.delete(note);
    } else if (kind === 0xb0 && first === 64) {
      if (second >= 64) pedals.add(channel);
      else {
        pedals.delete(channel);
        for (const other of held) if (other.startsWith(`${channel}:`)) held.delete(other);
      }
    } else if (kind === 0xb0 && (first === 120 || (first === 123 && !pedals.has(channel))))
      end(channel);
  }
  return new Set([...sounding, ...held]);
}
