/**
 * Sends each instrument where the person wants it: to the voices, or to a channel of a MIDI port.
 * A route may change while it plays: what the instrument sounds at its old place ends there, the
 * next note comes at the new one. A port that was lost and came back is taken up again.
 */

import type { Route } from "#engine/jam/performance.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import type { MidiPlayer } from "./midi/midi-player.ts";

/** A player that can end one instrument alone. */
export interface InstrumentPlayer extends Player {
  silence(instrument?: Instrument): void;
}

/** Voices and MIDI ports as one player. */
export class RoutingPlayer implements Player {
  readonly #voices: InstrumentPlayer;
  readonly #openPort: (port: string) => MidiPlayer | undefined;
  readonly #ports = new Map<string, MidiPlayer>();
  readonly #routes: Route[] = INSTRUMENTS.map(() => ({ kind: "voice" }));
  readonly #audible: boolean[] = INSTRUMENTS.map(() => true);

  /**
   * Owns and disposes `voices` and what `openPort` returns.
   * @param openPort a player on a port, or undefined while it is not connected.
   */
  constructor(voices: InstrumentPlayer, openPort: (port: string) => MidiPlayer | undefined) {
    this.#voices = voices;
    this.#openPort = openPort;
  }

  /** Where an instrument plays. */
  route(instrument: Instrument): Route {
    return this.#routes[instrument];
  }

  /** Sends an instrument elsewhere from its next note on. */
  setRoute(instrument: Instrument, route: Route): void {
    const before = this.#routes[instrument];
    if (before.kind === "voice") this.#voices.silence(instrument);
    else this.#ports.get(before.port)?.silence(instrument);
    this.#routes[instrument] = route;
  }

  /**
   * Whether an instrument is heard. Voices are muted by the mixer, so that they come back in the
   * middle of a note; a port can only be given notes or not, and what it sounds ends.
   */
  setAudible(instrument: Instrument, audible: boolean): void {
    if (this.#audible[instrument] === audible) return;
    this.#audible[instrument] = audible;
    const route = this.#routes[instrument];
    if (!audible && route.kind === "midi") this.#ports.get(route.port)?.silence(instrument);
  }

  play(note: TimedNote): void {
    const route = this.#routes[note.instrument];
    if (route.kind === "voice") {
      this.#voices.play(note);
      return;
    }
    if (!this.#audible[note.instrument]) return;
    const port = this.#port(route.port);
    port?.setChannel(note.instrument, route.channel);
    port?.play(note);
  }

  /** Ends the notes of one instrument, or of all. */
  silence(instrument?: Instrument): void {
    this.#voices.silence(instrument);
    for (const port of this.#ports.values()) port.silence(instrument);
  }

  dispose(): void {
    this.#voices.dispose();
    for (const port of this.#ports.values()) port.dispose();
    this.#ports.clear();
  }

  #port(id: string): MidiPlayer | undefined {
    const known = this.#ports.get(id);
    if (known && !known.isLost) return known;
    const opened = this.#openPort(id);
    if (opened === undefined) return undefined;
    known?.dispose();
    this.#ports.set(id, opened);
    return opened;
  }
}
