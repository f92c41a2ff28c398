/**
 * All keyboards that are plugged in, as one player: each with its own settings, and a pitch that several hold sounds until
 * the last of them lets go. A keyboard that goes away, or is set otherwise, lets go of all it held.
 */
import { type Keys, keyOf } from "#engine/jam/hand.ts";
import type { Instrument } from "#music/instrument.ts";
import type { HeardMessage } from "./heard-message.ts";
import { Keyboard, type Played } from "./keyboard.ts";
import type { KeyboardBoard, KeyboardSettings } from "./keyboard-settings.ts";
import { NoteChannelsReader, withNoteChannels } from "./note-channels.ts";
import type { Touchable } from "./touch.ts";

/** What keyboards are joined to. */
export interface KeyboardParts {
  readonly keys: Keys;
  readonly touches: Touchable;
  readonly settings: KeyboardBoard;
  /** What the player plays along on; undefined while that is nothing. */
  readonly instrument: () => Instrument | undefined;
}

/** See the header. */
export class Keyboards {
  readonly #settings: KeyboardBoard;
  readonly #played: Played;
  readonly #keyboards = new Map<string, { keyboard: Keyboard; settings: KeyboardSettings }>();
  readonly #readers = new Map<string, NoteChannelsReader>();
  /** How many hold a key of an instrument down. */
  readonly #holding = new Map<number, number>();

  constructor({ keys, touches, settings, instrument }: KeyboardParts) {
    this.#settings = settings;
    this.#played = {
      instrument,
      touch: (...touched) => touches.touch(...touched),
      press: (key) => {
        this.#holding.set(keyOf(key), (this.#holding.get(keyOf(key)) ?? 0) + 1);
        keys.press(key);
      },
      release: (key) => {
        const left = (this.#holding.get(keyOf(key)) ?? 0) - 1;
        if (left > 0) this.#holding.set(keyOf(key), left);
        else {
          this.#holding.delete(keyOf(key));
          keys.release(key);
        }
      },
    };
    settings.changed.on(() => {
      for (const [port, { settings: before }] of this.#keyboards)
        if (settings.of(port) !== before) this.lose(port);
    });
  }

  /** A keyboard says something; that its notes have channels of their own is set, and kept. */
  hear(port: string, message: HeardMessage): void {
    const reader = this.#readers.get(port) ?? new NoteChannelsReader();
    this.#readers.set(port, reader);
    const said = reader.read(message);
    if (said !== undefined) {
      const { noteChannels } = this.#settings.of(port);
      this.#settings.set(port, {
        noteChannels: withNoteChannels(noteChannels, said.manager, said.count),
      });
    }
    let known = this.#keyboards.get(port);
    if (known === undefined) {
      const settings = this.#settings.of(port);
      known = { settings, keyboard: new Keyboard(settings, this.#played) };
      this.#keyboards.set(port, known);
    }
    known.keyboard.hear(message);
  }

  /** A keyboard went away. */
  lose(port: string): void {
    this.#keyboards.get(port)?.keyboard.releaseAll();
    this.#keyboards.delete(port);
  }

  /** Everything is let go. */
  releaseAll(): void {
    for (const port of [...this.#keyboards.keys()]) this.lose(port);
  }
}
