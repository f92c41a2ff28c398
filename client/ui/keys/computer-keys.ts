/**
 * The computer's keys as a piano, by their place on the keyboard whatever is printed on them: the middle row are white
 * keys from C on, the row above black ones, Z and X an octave down and up. In fields they are letters.
 */
import type { ReactiveControllerHost } from "lit";
import { WindowListening } from "../window-listening.ts";

/** Codes of the keys, from C on by semitones. */
const CODES = [
  ..."AWSEDFTGYHUJK".split("").map((letter) => `Key${letter}`),
  ...["KeyO", "KeyL", "KeyP", "Semicolon"],
];
const OCTAVE = { KeyZ: -1, KeyX: 1 } as const;

/** What the keys do. */
export interface KeysPlayed {
  /** Whether they are a piano now. */
  readonly isOn: () => boolean;
  /** @param semitones above the lowest C */
  readonly press: (semitones: number) => void;
  readonly release: (semitones: number) => void;
  readonly moveOctave: (by: 1 | -1) => void;
  /** The page is left: nothing is held any more. */
  readonly releaseAll: () => void;
}

/** Listens on the window while its host is on the page. */
export class ComputerKeys {
  readonly #played: KeysPlayed;

  constructor(host: ReactiveControllerHost, played: KeysPlayed) {
    this.#played = played;
    const { releaseAll } = played;
    new WindowListening(host, { keydown: this.#down, keyup: this.#up, blur: releaseAll });
    host.addController({ hostDisconnected: releaseAll });
  }

  readonly #down = (event: KeyboardEvent): void => {
    if (!this.#played.isOn() || isTyped(event)) return;
    const semitones = CODES.indexOf(event.code);
    const octave = OCTAVE[event.code as keyof typeof OCTAVE];
    if (semitones < 0 && octave === undefined) return;
    event.preventDefault();
    if (event.repeat) return;
    if (octave === undefined) this.#played.press(semitones);
    else this.#played.moveOctave(octave);
  };

  readonly #up = (event: KeyboardEvent): void => {
    const semitones = CODES.indexOf(event.code);
    if (semitones >= 0) this.#played.release(semitones);
  };
}

/** A letter for a field, or a shortcut. */
function isTyped(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement) return target.type !== "range";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
