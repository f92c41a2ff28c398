/**
 * Plays on hardware: instruments on channels of one output port. Messages are held back here and sent shortly ahead of
 * their time, because a message once sent cannot be called back everywhere (`MIDIOutput.clear` is missing in Chrome):
 * note ons 200 ms ahead, more than a busy page stalls; note offs 60 ms ahead, so that they can still move when the pitch
 * is struck again. A port may go and come back: whatever it may hold then is ended before anything else is sent to it.
 */
import type { Output } from "webmidi";
import { type Milliseconds, seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { type Touch, UNTOUCHED } from "#engine/hardware/touch.ts";
import type { MidiRoute } from "#engine/jam/route.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";
import type { AudioClock } from "#players/audio-clock.ts";
import { ChannelSetup, type Mix, USUAL_MIX } from "./channel-setup.ts";
import { type MidiMessage, quieting } from "./midi-message.ts";
import { MidiNotes } from "./midi-notes.ts";
import { NoteChannelBoard } from "./note-channel-board.ts";
import { NoteMeter } from "./note-meter.ts";
import { routedNote } from "./routed-note.ts";
import { keyTouchMessages, touchMessages } from "./touch-messages.ts";

/** What a MIDI player needs. */
export interface MidiPlayerOptions {
  /** The port's name. */
  readonly port: string;
  /** The output of that name, or undefined while there is none. */
  readonly find: () => Output | undefined;
  readonly clock: AudioClock;
  /** How late the machine there sounds, milliseconds: messages are sent that much sooner. */
  readonly latency: () => number;
  /** Hears of a lost port, each time it is lost. */
  readonly onFailure: (failure: Failure) => void;
}

const ONS_AHEAD = 200; // milliseconds
const OFFS_AHEAD = 60;
/** Milliseconds until a port that refused is tried again. */
const PATIENCE = 1000;
const CHANNELS = Array.from({ length: 16 }, (_, channel) => channel);

/** One instrument on this port. */
interface Part {
  readonly route: MidiRoute;
  mix: Mix;
  touch: Touch;
  /** The newest of one pitch alone, where all share a channel. */
  keyTouch: Touch;
  readonly meter: NoteMeter;
}

/** A player on one MIDI output port. `pump` must be called about every 25 ms. */
export class MidiPlayer implements Player {
  readonly #options: MidiPlayerOptions;
  readonly #parts = new Map<Instrument, Part>();
  readonly #notes = new MidiNotes();
  readonly #setup = new ChannelSetup();
  readonly #noteChannels = new NoteChannelBoard();
  /** Channels that instruments have had. */
  readonly #channels = new Set<number>();
  /** Ends of what sounded when the port went away. */
  #hanging: MidiMessage[] = [];
  #output: Output | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(options: MidiPlayerOptions) {
    this.#options = options;
  }

  /** Whether the port was there when it was last looked for. */
  get isConnected(): boolean {
    return this.#output !== undefined;
  }

  /** Gives an instrument its place on this port, or takes it away; what it sounds ends. */
  assign(instrument: Instrument, route: MidiRoute | undefined): void {
    this.silence(instrument);
    if (route === undefined) {
      this.#parts.delete(instrument);
      this.#settle();
      return;
    }
    const mix = this.#parts.get(instrument)?.mix ?? USUAL_MIX;
    const untouched = { touch: UNTOUCHED, keyTouch: UNTOUCHED };
    this.#parts.set(instrument, { route, mix, ...untouched, meter: new NoteMeter() });
    this.pump();
    this.#settle();
    this.#setUp(instrument);
  }

  /** Moves level and pan of an instrument on this port. */
  setMix(instrument: Instrument, mix: Mix): void {
    const part = this.#parts.get(instrument);
    if (part === undefined) return;
    part.mix = mix;
    this.#setUp(instrument);
  }

  /** A human touches what they hold of an instrument: all of it, or one pitch. Sent at once. */
  touch(instrument: Instrument, touch: Touch, pitch?: number): void {
    const part = this.#parts.get(instrument);
    if (part === undefined) return;
    const now = this.#options.clock.performanceNow;
    if (pitch !== undefined) {
      this.#send(at(now, this.#pitchTouch(part, instrument, touch, pitch)));
      return;
    }
    this.#send(at(now, touchMessages(part.route.channel, touch, part.touch)));
    part.touch = touch;
  }

  /** Brings a controller of an instrument's machine to a value, 0-127, now. */
  control(instrument: Instrument, controller: number, value: number): void {
    const channel = this.#parts.get(instrument)?.route.channel;
    if (channel === undefined || this.#output === undefined) return;
    const messages = this.#setup.control(channel, controller, value);
    this.#send(at(this.#options.clock.performanceNow, messages));
  }

  /** Plays a note of an instrument that is assigned; of others nothing. */
  play(note: TimedNote): void {
    const part = this.#parts.get(note.instrument);
    this.pump();
    if (part === undefined || this.#output === undefined) return;
    const routed = routedNote(part.route, note, part.mix);
    if (routed === undefined) return;
    const { clock } = this.#options;
    const latency = this.#options.latency();
    const now = clock.performanceNow;
    // A key that was struck waits for no loudspeaker.
    const on = note.byHand ? now : Math.max(clock.toMilliseconds(note.start) - latency, now);
    const off = clock.toMilliseconds(seconds(note.start + note.length)) - latency;
    const place = this.#noteChannels.place(part.route, this.#notes.all, { ...routed, on, off });
    this.#notes.add({ ...routed, ...place, instrument: note.instrument, on, off });
    part.meter.add(on, off, (routed.velocity / 127) * part.mix.level);
    this.pump();
  }

  /** Lets go what sounds of a key now. */
  release(instrument: Instrument, pitch: number): void {
    const part = this.#parts.get(instrument);
    if (part === undefined) return;
    // Whatever became of the level since: a note that was sent has to end.
    const routed = routedNote(part.route, { instrument, pitch, velocity: 64 }, USUAL_MIX);
    if (routed === undefined) return;
    this.#notes.release(this.#options.clock.performanceNow, instrument, routed.pitch);
    this.pump();
  }

  /** Sends what is due, and sees whether the port went or came. */
  pump(): void {
    if (this.#disposed) return;
    const now = this.#options.clock.performanceNow;
    const output = this.#present(now);
    if (output !== this.#output) {
      if (this.#output !== undefined) this.#lose(undefined);
      if (output !== undefined) this.#welcome(output);
    }
    if (this.#output === undefined) return;
    this.#send(this.#notes.take(now, now + ONS_AHEAD, now + OFFS_AHEAD));
  }

  /** The port went or came. It may have done both since it was looked for: what was on its way is lost all the same. */
  refresh(): void {
    if (this.#output === this.#present(this.#options.clock.performanceNow)) this.#forget();
    this.pump();
  }

  /** Ends the notes of one instrument, or of all, by every means there is. */
  silence(instrument?: Instrument): void {
    if (this.#disposed) return;
    const now = this.#options.clock.performanceNow;
    for (const [own, { meter }] of this.#parts) {
      if (instrument === undefined || own === instrument) meter.end(now);
    }
    const ends = this.#notes.end(now, instrument);
    if (this.#output === undefined) return;
    if (instrument === undefined) this.#output.clear();
    // Notes sent ahead begin later than now where `clear` does nothing; each has its own end just after it.
    const channels =
      instrument === undefined ? [...this.#channels] : this.#channelsOnlyOf(instrument);
    this.#send([...ends, ...at(now, channels.flatMap(quieting))]);
  }

  /** Ends everything on all sixteen channels, whoever began it. */
  panic(): void {
    this.silence();
    this.#send(at(this.#options.clock.performanceNow, CHANNELS.flatMap(quieting)));
  }

  /** How loud an instrument is here, 0-1, as its notes tell. */
  level(instrument: Instrument): number {
    return this.#parts.get(instrument)?.meter.level(this.#options.clock.performanceNow) ?? 0;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.silence();
    this.#disposed = true;
  }

  #present(now: number): Output | undefined {
    if (now < this.#notBefore) return undefined;
    const output = this.#options.find();
    return output?.state === "connected" ? output : undefined;
  }

  /** The channels of an instrument on which no other plays: others must not be cut. */
  #channelsOnlyOf(instrument: Instrument): number[] {
    const part = this.#parts.get(instrument);
    if (part === undefined) return [];
    const others = [...this.#parts].filter(([other]) => other !== instrument);
    const shared = new Set(others.flatMap(([, { route }]) => this.#channelsOf(route)));
    return this.#channelsOf(part.route).filter(
      (channel) => this.#channels.has(channel) && !shared.has(channel),
    );
  }

  /** The channel of a route, and those of its notes. */
  #channelsOf(route: MidiRoute): number[] {
    return [route.channel, ...this.#noteChannels.of(route)];
  }

  /** Brings the channels that have one note each in line with the routes. */
  #settle(): void {
    const settled = this.#noteChannels.settle([...this.#parts.values()].map(({ route }) => route));
    if (this.#output === undefined) return;
    this.#send(at(this.#options.clock.performanceNow, this.#setup.noteChannels(settled)));
  }

  /** Messages that touch one pitch: on its own channel, where it has one and sounds there. */
  #pitchTouch(part: Part, instrument: Instrument, touch: Touch, pitch: number): number[][] {
    const routed = routedNote(part.route, { instrument, pitch, velocity: 1 }, USUAL_MIX);
    if (routed === undefined) return [];
    if (this.#noteChannels.of(part.route).length > 0) {
      const now = this.#options.clock.performanceNow;
      const note = this.#notes.sounding(now, instrument, routed.pitch);
      return note === undefined ? [] : this.#noteChannels.touch(note.channel, touch);
    }
    const { touch: all, keyTouch: before } = part;
    part.keyTouch = touch;
    return keyTouchMessages(part.route.channel, routed.pitch, touch, { all, before });
  }

  /** Bank, program, level and pan, where they are not so already. */
  #setUp(instrument: Instrument): void {
    const part = this.#parts.get(instrument);
    if (part === undefined || this.#output === undefined) return;
    for (const channel of this.#channelsOf(part.route)) this.#channels.add(channel);
    const messages = this.#setup.messages(part.route, part.mix);
    const touches = touchMessages(part.route.channel, part.touch, UNTOUCHED);
    this.#send(at(this.#options.clock.performanceNow, [...messages, ...touches]));
  }

  /** All channels, because nobody knows what a page that broke before this one left sounding. */
  #welcome(output: Output): void {
    this.#output = output;
    this.#setup.forget();
    this.#noteChannels.forget();
    const now = this.#options.clock.performanceNow;
    const ends = this.#hanging.map(({ data, time }) => ({ data, time: later(time, now) }));
    this.#send([...ends, ...at(now, CHANNELS.flatMap(quieting))]);
    if (this.#output === undefined) return; // gone again
    this.#hanging = [];
    this.#settle();
    for (const instrument of this.#parts.keys()) this.#setUp(instrument);
  }

  #send(messages: readonly MidiMessage[]): void {
    if (this.#output === undefined) return;
    try {
      for (const { data, time } of messages) this.#output.send([...data], { time });
    } catch (cause) {
      this.#lose(cause);
      this.#notBefore = this.#options.clock.performanceNow + PATIENCE;
    }
  }

  #forget(): void {
    this.#output = undefined;
    this.#hanging.push(...this.#notes.lose(this.#options.clock.performanceNow));
  }

  #lose(cause: unknown): void {
    this.#forget();
    const lost = remark("midi-port-lost", { port: this.#options.port });
    this.#options.onFailure(new Failure("unavailable", lost, { cause }));
  }
}

const at = (time: number, messages: readonly (readonly number[])[]): MidiMessage[] =>
  messages.map((data) => ({ data, time: time as Milliseconds }));

const later = (a: Milliseconds, b: Milliseconds): Milliseconds => (a > b ? a : b);
