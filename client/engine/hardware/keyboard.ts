/**
 * One keyboard that is plugged in: its keys strike what their zones say, the pedal holds what is let go, wheels and
 * pressure touch what sounds. With a channel a note (MPE 1.1) a channel touches its own notes, who speaks for them all.
 */
import { type Keys, keyOf, type StruckKey } from "#engine/jam/hand.ts";
import type { Instrument } from "#music/instrument.ts";
import { HEARD_CONTROLLERS, type HeardMessage } from "./heard-message.ts";
import type { KeyboardSettings } from "./keyboard-settings.ts";
import { managerOf, noteChannelsOf } from "./note-channels.ts";
import { type Touch, type Touchable, UNTOUCHED } from "./touch.ts";

/** A key without how hard it was struck. */
type Key = Omit<StruckKey, "velocity">;

/** Whom a keyboard plays. */
export interface Played extends Keys, Touchable {
  /** What the player plays along on; undefined while that is nothing. */
  readonly instrument: () => Instrument | undefined;
}

/** Semitones that a bend goes to its end: of a channel, and of a note's own channel. */
const BEND_RANGE = { channel: 2, note: 48 } as const;

/** From here on a pedal is down. */
const PEDAL_DOWN = 64;

/** Controller 74 where a sound is as it is. */
const USUAL_TIMBRE = 64;

/** What is known of a channel. */
interface Channel {
  pedal: boolean;
  touch: Touch;
  bendRange: number;
  /** The registered parameter that data goes to. */
  parameter: number;
}

/** See the header. Settings are those of its making: another keyboard has others. */
export class Keyboard {
  readonly #settings: KeyboardSettings;
  readonly #played: Played;
  readonly #channels = new Map<number, Channel>();
  /** What was struck by keys that are down, by channel and pitch. */
  readonly #down = new Map<number, readonly Key[]>();
  /** What a pedal holds, by its channel. */
  readonly #sustained = new Map<number, Key[]>();

  constructor(settings: KeyboardSettings, played: Played) {
    this.#settings = settings;
    this.#played = played;
  }

  hear(message: HeardMessage): void {
    const { on, channel, noteChannels } = this.#settings;
    const hearsAll = channel === undefined || noteChannels.lower + noteChannels.upper > 0;
    if (!on || (!hearsAll && message.channel !== channel)) return;
    switch (message.kind) {
      case "note-on":
        this.#press(message.channel, message.pitch, message.velocity);
        break;
      case "note-off":
        this.#letGo(message.channel, message.pitch);
        break;
      case "controller":
        this.#control(message.channel, message.controller, message.value);
        break;
      case "bend": {
        const { bendRange } = this.#channel(message.channel);
        this.#touch(message.channel, { bend: message.value * bendRange });
        break;
      }
      case "pressure":
        this.#touch(message.channel, { pressure: message.value / 127 });
        break;
      case "key-pressure":
        for (const key of this.#down.get(at(message.channel, message.pitch)) ?? [])
          this.#played.touch(
            key.instrument,
            { ...UNTOUCHED, pressure: message.value / 127 },
            key.pitch,
          );
        break;
      default: // programs are for whoever recalls by them
    }
  }

  /** The keyboard is gone: nothing is held, bent or pressed any more. */
  releaseAll(): void {
    for (const keys of [...this.#down.values(), ...this.#sustained.values()])
      for (const key of keys) this.#played.release(key);
    this.#down.clear();
    this.#sustained.clear();
    for (const [channel, { touch }] of this.#channels)
      if (touch !== UNTOUCHED) this.#touch(channel, UNTOUCHED);
    this.#channels.clear();
  }

  #press(channel: number, pitch: number, velocity: number): void {
    this.#letGo(channel, pitch);
    const keys = this.#keysOf(pitch);
    this.#down.set(at(channel, pitch), keys);
    const held = this.#sustained.get(channel) ?? [];
    for (const key of keys) {
      // What the pedal held of this pitch is struck again: it is held once.
      const again = held.findIndex((other) => keyOf(other) === keyOf(key));
      this.#played.press({ ...key, velocity });
      if (again >= 0) this.#played.release(held.splice(again, 1)[0]);
      if (this.#isNotes(channel))
        this.#played.touch(key.instrument, this.#channel(channel).touch, key.pitch);
    }
  }

  #letGo(channel: number, pitch: number): void {
    const keys = this.#down.get(at(channel, pitch));
    if (keys === undefined) return;
    this.#down.delete(at(channel, pitch));
    const holder = this.#manager(channel) ?? channel;
    if (this.#channel(holder).pedal) {
      this.#sustained.set(holder, [...(this.#sustained.get(holder) ?? []), ...keys]);
    } else for (const key of keys) this.#played.release(key);
  }

  #control(channel: number, controller: number, value: number): void {
    const heard = this.#channel(channel);
    switch (controller) {
      case HEARD_CONTROLLERS.modulation:
        this.#touch(channel, { modulation: value / 127 });
        break;
      case HEARD_CONTROLLERS.timbre:
        this.#touch(channel, { timbre: (value - USUAL_TIMBRE) / (value < USUAL_TIMBRE ? 64 : 63) });
        break;
      case HEARD_CONTROLLERS.sustain:
        heard.pedal = value >= PEDAL_DOWN;
        if (!heard.pedal) this.#liftPedal(channel);
        break;
      case HEARD_CONTROLLERS.registeredCoarse:
        heard.parameter = 128 * value + (heard.parameter & 127);
        break;
      case HEARD_CONTROLLERS.registeredFine:
        heard.parameter = (heard.parameter & ~127) + value;
        break;
      case HEARD_CONTROLLERS.dataCoarse:
        if (heard.parameter === 0 && value > 0) this.#setBendRange(channel, value);
        break;
      case HEARD_CONTROLLERS.allSoundOff:
      case HEARD_CONTROLLERS.allNotesOff:
        this.releaseAll();
        break;
      case HEARD_CONTROLLERS.resetAll:
        this.#touch(channel, UNTOUCHED);
        heard.pedal = false;
        this.#liftPedal(channel);
        break;
      default: // for whoever learned it
    }
  }

  /** A note's channel speaks for all of them (MPE 1.1, section 2.4). */
  #setBendRange(channel: number, semitones: number): void {
    const manager = this.#manager(channel);
    const channels =
      manager === undefined ? [channel] : noteChannelsOf(this.#settings.noteChannels, manager);
    for (const each of channels) this.#channel(each).bendRange = semitones;
  }

  #liftPedal(channel: number): void {
    for (const key of this.#sustained.get(channel) ?? []) this.#played.release(key);
    this.#sustained.delete(channel);
  }

  #touch(channel: number, change: Partial<Touch>): void {
    const heard = this.#channel(channel);
    heard.touch = change === UNTOUCHED ? UNTOUCHED : { ...heard.touch, ...change };
    if (!this.#isNotes(channel)) {
      for (const instrument of this.#instruments()) this.#played.touch(instrument, heard.touch);
      return;
    }
    for (const [place, keys] of this.#down) {
      if (place >> 7 !== channel) continue;
      for (const key of keys) this.#played.touch(key.instrument, heard.touch, key.pitch);
    }
  }

  /** Whether a channel is of one note. */
  #isNotes(channel: number): boolean {
    return this.#manager(channel) !== undefined;
  }

  /** The channel that speaks for a channel of one note. */
  #manager(channel: number): number | undefined {
    return managerOf(this.#settings.noteChannels, channel);
  }

  #channel(channel: number): Channel {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const bendRange = this.#isNotes(channel) ? BEND_RANGE.note : BEND_RANGE.channel;
    const fresh = { pedal: false, touch: UNTOUCHED, bendRange, parameter: 0x3fff };
    this.#channels.set(channel, fresh);
    return fresh;
  }

  #instruments(): Set<Instrument> {
    const own = this.#played.instrument();
    const played = this.#settings.zones.map(({ instrument }) => instrument ?? own);
    const struck = [...this.#down.values()].flat().map(({ instrument }) => instrument);
    return new Set([...played, ...struck].filter((instrument) => instrument !== undefined));
  }

  #keysOf(pitch: number): readonly Key[] {
    return this.#settings.zones.flatMap((zone) => {
      const instrument = zone.instrument ?? this.#played.instrument();
      const moved = pitch + zone.transposition;
      const plays = pitch >= zone.lowest && pitch <= zone.highest && moved >= 0 && moved <= 127;
      return instrument !== undefined && plays ? [{ instrument, pitch: moved }] : [];
    });
  }
}

const at = (channel: number, pitch: number): number => 128 * channel + pitch;
