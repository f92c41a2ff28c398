/**
 * Sends each instrument where the person wants it: to the voices, to a channel of a MIDI port, or both. A route may
 * change while it plays: what the instrument sounds at its old place ends there, the next note comes at the new one.
 */
import type { Touch, Touchable } from "#engine/hardware/touch.ts";
import { type Route, soundsVoice } from "#engine/jam/route.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { type Mix, USUAL_MIX } from "./midi/channel-setup.ts";
import type { MidiPlayer } from "./midi/midi-player.ts";

/** A player that can end one instrument alone. */
export interface InstrumentPlayer extends Player, Partial<Touchable> {
  silence(instrument?: Instrument): void;
}

/** Voices and MIDI ports as one player. `pump` must be called about every 25 ms. */
export class RoutingPlayer implements Player, Touchable {
  readonly #voices: InstrumentPlayer;
  readonly #openPort: (port: string) => MidiPlayer;
  readonly #ports = new Map<string, MidiPlayer>();
  readonly #routes: Route[] = INSTRUMENTS.map(() => ({ kind: "voice" }));
  readonly #mixes: Mix[] = INSTRUMENTS.map(() => USUAL_MIX);
  readonly #audible: boolean[] = INSTRUMENTS.map(() => true);

  /**
   * Owns and disposes `voices` and what `openPort` returns.
   * @param openPort a player on a port, connected or not; called once for each port
   */
  constructor(voices: InstrumentPlayer, openPort: (port: string) => MidiPlayer) {
    this.#voices = voices;
    this.#openPort = openPort;
  }

  /** Sends an instrument elsewhere from its next note on. */
  setRoute(instrument: Instrument, route: Route): void {
    const before = this.#routes[instrument];
    if (soundsVoice(before)) this.#voices.silence(instrument);
    this.#routes[instrument] = route;
    if (before.kind === "midi" && !(route.kind === "midi" && route.port === before.port))
      this.#port(before.port).assign(instrument, undefined);
    if (route.kind !== "midi") return;
    this.#port(route.port).assign(instrument, route);
    this.#port(route.port).setMix(instrument, this.#mixes[instrument]);
  }

  /** Level and pan of an instrument where it plays on a port; voices have their own mixer. */
  setMix(instrument: Instrument, mix: Mix): void {
    this.#mixes[instrument] = mix;
    const route = this.#routes[instrument];
    if (route.kind === "midi") this.#port(route.port).setMix(instrument, mix);
  }

  /**
   * Whether an instrument is heard. Voices are muted by the mixer, so that they come back in the
   * middle of a note; a port can only be given notes or not, and what it sounds ends.
   */
  setAudible(instrument: Instrument, audible: boolean): void {
    if (this.#audible[instrument] === audible) return;
    this.#audible[instrument] = audible;
    const route = this.#routes[instrument];
    if (!audible && route.kind === "midi") this.#port(route.port).silence(instrument);
  }

  play(note: TimedNote): void {
    const route = this.#routes[note.instrument];
    if (soundsVoice(route)) this.#voices.play(note);
    if (route.kind === "midi" && this.#audible[note.instrument]) this.#port(route.port).play(note);
  }

  release(instrument: Instrument, pitch: number): void {
    const route = this.#routes[instrument];
    this.#voices.release(instrument, pitch);
    if (route.kind === "midi") this.#port(route.port).release(instrument, pitch);
  }

  /** A human touches what they hold on an instrument, wherever it sounds: all of it, or one pitch. */
  touch(instrument: Instrument, touch: Touch, pitch?: number): void {
    const route = this.#routes[instrument];
    this.#voices.touch?.(instrument, touch, pitch);
    if (route.kind === "midi") this.#port(route.port).touch(instrument, touch, pitch);
  }

  /** Brings a controller of the machine that an instrument plays on to a value, 0-127. */
  control(instrument: Instrument, controller: number, value: number): void {
    const route = this.#routes[instrument];
    if (route.kind === "midi") this.#port(route.port).control(instrument, controller, value);
  }

  /** Plays a note on an instrument's port alone. */
  playOnPort(note: TimedNote): void {
    const route = this.#routes[note.instrument];
    if (route.kind === "midi") this.#port(route.port).play(note);
  }

  /** Lets the ports send what is due, and see what went or came. */
  pump(): void {
    for (const port of this.#ports.values()) port.pump();
  }

  /** A port went, or came. */
  refresh(port: string): void {
    this.#ports.get(port)?.refresh();
  }

  /** Ends the notes of one instrument, or of all. */
  silence(instrument?: Instrument): void {
    this.#voices.silence(instrument);
    for (const port of this.#ports.values()) port.silence(instrument);
  }

  /** Ends everything, on ports on all channels. */
  panic(): void {
    this.#voices.silence();
    for (const port of this.#ports.values()) port.panic();
  }

  /** How loud an instrument is on its port, 0-1; 0 where it has none. */
  portLevel(instrument: Instrument): number {
    const route = this.#routes[instrument];
    return route.kind === "midi" ? this.#port(route.port).level(instrument) : 0;
  }

  dispose(): void {
    this.#voices.dispose();
    for (const port of this.#ports.values()) port.dispose();
    this.#ports.clear();
  }

  #port(name: string): MidiPlayer {
    const known = this.#ports.get(name);
    if (known !== undefined) return known;
    const opened = this.#openPort(name);
    this.#ports.set(name, opened);
    return opened;
  }
}
