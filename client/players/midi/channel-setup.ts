/**
 * What a channel is told before its notes: bank and program, level and pan. Each is sent once and again only when it
 * changes, or after the port was away: a synthesiser that came back has forgotten it.
 */
import type { MidiRoute } from "#engine/jam/route.ts";
import { CONTROLLERS, controlChange, PROGRAM_CHANGE } from "./midi-message.ts";

/** A strip's level (0-1, 0.8 is the usual) and pan (-1 to 1). */
export interface Mix {
  readonly level: number;
  readonly pan: number;
}

export const USUAL_MIX: Mix = { level: 0.8, pan: 0 };

/**
 * Controller 7 of a fader: 100, the General MIDI default, where the fader stands as usual. Receivers make 40 log10 of it,
 * as the page's own faders do below the usual place.
 */
const levelController = (level: number): number => Math.round(125 * level);

/** Controller 10: 64 in the middle. */
const panController = (pan: number): number =>
  Math.min(127, Math.max(0, Math.round(64 + 64 * pan)));

/** Remembers what the channels of one port were told. */
export class ChannelSetup {
  readonly #told = new Map<string, number>();

  /** Messages that bring the route's channel to what it should be; none where it is so. */
  messages(route: MidiRoute, { level, pan }: Mix): number[][] {
    const { channel, bank, program, mixing } = route;
    const messages: number[][] = [];
    const bankMoves = bank !== undefined && this.#changes(channel, "bank", bank);
    if (bankMoves) {
      messages.push(controlChange(channel, CONTROLLERS.bankCoarse, bank >> 7));
      messages.push(controlChange(channel, CONTROLLERS.bankFine, bank & 127));
      this.#told.delete(`${channel} program`); // a bank takes effect with the next program
    }
    if (program !== undefined && this.#changes(channel, "program", program))
      messages.push([PROGRAM_CHANGE | channel, program]);
    if (mixing !== "controllers") return messages;
    for (const [controller, value] of [
      [CONTROLLERS.level, levelController(level)],
      [CONTROLLERS.pan, panController(pan)],
    ]) {
      messages.push(...this.control(channel, controller, value));
    }
    return messages;
  }

  /** Messages that bring a controller to a value (0-127); none where it is there. */
  control(channel: number, controller: number, value: number): number[][] {
    return this.#changes(channel, `controller ${controller}`, value)
      ? [controlChange(channel, controller, value)]
      : [];
  }

  /** The port may have forgotten everything. */
  forget(): void {
    this.#told.clear();
  }

  #changes(channel: number, what: string, value: number): boolean {
    const key = `${channel} ${what}`;
    if (this.#told.get(key) === value) return false;
    this.#told.set(key, value);
    return true;
  }
}
