/**
 * What a channel is told before its notes: bank and program, level and pan, and how many channels beside it have one note
 * each, with how far they bend. Each is sent once and again only when it
 * changes, or after the port was away: a synthesiser that came back has forgotten it.
 */

import { MANAGERS, type NoteChannels, noteChannelsOf } from "#engine/hardware/note-channels.ts";
import type { MidiRoute } from "#engine/jam/route.ts";
import {
  CONTROLLERS,
  controlChange,
  PARAMETERS,
  PROGRAM_CHANGE,
  registered,
} from "./midi-message.ts";
import { BEND_RANGES } from "./touch-messages.ts";

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

  /** Messages that tell the port's machine which channels have one note each; none where it was told, or never any had. */
  noteChannels(channels: NoteChannels): number[][] {
    const counts = Object.entries(MANAGERS).map(([part, manager]) => {
      return { manager, count: channels[part as keyof NoteChannels] };
    });
    // Who has fewer first: nobody ever has a channel of the other's.
    return counts
      .sort((a, b) => a.count - b.count)
      .flatMap(({ manager, count }) => {
        const before = this.#told.get(`${manager} note channels`) ?? 0;
        if (before === count) return [];
        this.#told.set(`${manager} note channels`, count);
        const [first] = noteChannelsOf(channels, manager);
        return [
          ...registered(manager, PARAMETERS.noteChannels, count),
          ...registered(manager, PARAMETERS.bendRange, BEND_RANGES.channel),
          // The first of them speaks for all (MPE 1.1, section 2.4).
          ...(first === undefined ? [] : registered(first, PARAMETERS.bendRange, BEND_RANGES.note)),
        ];
      });
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
