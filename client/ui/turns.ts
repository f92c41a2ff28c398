/**
 * How a value is turned, the same on dials, faders and the tempo: by wheel, by arrows, pages and
 * ends, ten times finer with Shift, back to its usual value by Delete or a double click, typed after
 * Enter or its first digit. An element directive, put on what is pointed at; keys come to it from the
 * native input inside, which keeps the value and speaks it.
 */
import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

/** A value and what may be done with it. */
export interface Turn {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** One arrow or one notch of the wheel. */
  readonly step: number;
  /** The same with Shift; every value is a multiple of it above `min`. */
  readonly fine: number;
  /** Where Delete and a double click go; undefined for nowhere. */
  readonly usual?: number | undefined;
  readonly set: (value: number) => void;
  /** Begins to type a value, with the first digit or nothing; absent where the field is text itself. */
  readonly type?: (first: string) => void;
}

/** Pixels of a trackpad's wheel that make one notch. */
const NOTCH = 40;
/** A wheel that rests this many milliseconds has ended its gesture. */
const GESTURE_PAUSE = 250;
/** A finger or mouse with Shift moves a fader by a tenth of its way. */
const FINE_DRAG = 0.1;

/** Where the wheel's gesture began: one that scrolls the page must not turn what it passes over. */
const gesture = {
  watched: false,
  time: Number.NEGATIVE_INFINITY,
  start: undefined as EventTarget | undefined,
};

/** `value` on the fine grid and within its ends. */
export function settled(value: number, { min, max, fine }: Pick<Turn, "min" | "max" | "fine">) {
  const rounded = Number((min + Math.round((value - min) / fine) * fine).toFixed(6));
  return Math.min(max, Math.max(min, rounded));
}

/** What a key makes of the value; undefined for a key that does nothing. Pure. */
export function keyed(turn: Turn, key: string, shift: boolean): number | undefined {
  const step = shift ? turn.fine : turn.step;
  switch (key) {
    case "ArrowUp":
    case "ArrowRight":
      return turn.value + step;
    case "ArrowDown":
    case "ArrowLeft":
      return turn.value - step;
    case "PageUp":
      return turn.value + 5 * step;
    case "PageDown":
      return turn.value - 5 * step;
    case "Home":
      return turn.min;
    case "End":
      return turn.max;
    case "Delete":
    case "Backspace":
      return turn.usual;
    default:
      return undefined;
  }
}

/** Keys that a text field needs for itself. */
const TEXT_KEYS = new Set(["ArrowLeft", "ArrowRight", "Home", "End", "Delete", "Backspace"]);

class Turns extends Directive {
  #turn!: Turn;
  #element: HTMLElement | undefined;
  #rolled = 0;

  render(_turn: Turn): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [turn]: [Turn]): unknown {
    this.#turn = turn;
    if (this.#element !== element) this.#listen(element as HTMLElement);
    return noChange;
  }

  #listen(element: HTMLElement): void {
    this.#element = element;
    watchGestures();
    element.addEventListener("keydown", (event) => this.#press(event));
    element.addEventListener("wheel", (event) => this.#roll(event), { passive: false });
    element.addEventListener("dblclick", () => {
      if (this.#turn.type !== undefined) this.#set(this.#turn.usual);
    });
    element.addEventListener("contextmenu", (event) => {
      if (this.#turn.type === undefined) return;
      event.preventDefault();
      this.#turn.type("");
    });
    if (element.matches("input[type=range]")) {
      element.addEventListener("pointerdown", (event) => this.#dragFinely(event));
    }
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { type } = this.#turn;
    if (type === undefined && TEXT_KEYS.has(event.key)) return;
    if (type !== undefined && /^(Enter|[\d.,-])$/.test(event.key)) {
      event.preventDefault();
      type(event.key === "Enter" ? "" : event.key);
      return;
    }
    const value = keyed(this.#turn, event.key, event.shiftKey);
    if (value === undefined) return;
    event.preventDefault();
    this.#set(value);
  }

  #roll(event: WheelEvent): void {
    if (event.ctrlKey) return;
    const fresh = event.timeStamp - gesture.time > GESTURE_PAUSE;
    if (fresh) {
      gesture.start = this.#element;
      this.#rolled = 0;
    }
    gesture.time = event.timeStamp;
    if (gesture.start !== this.#element) return;
    event.preventDefault();
    event.stopPropagation();
    // With Shift some systems turn the wheel sideways.
    this.#rolled += wheelPixels(event);
    const notches = Math.trunc(this.#rolled / NOTCH);
    this.#rolled -= notches * NOTCH;
    const { value, step, fine } = this.#turn;
    if (notches !== 0) this.#set(value - notches * (event.shiftKey ? fine : step));
  }

  /** A native range has no fine way: held with Shift it follows a tenth of the pointer's. */
  #dragFinely(down: PointerEvent): void {
    if (!down.shiftKey || down.button !== 0) return;
    down.preventDefault();
    const element = this.#element!;
    element.focus();
    const { width, height } = element.getBoundingClientRect();
    const upright = height > width;
    const { value, min, max } = this.#turn;
    const way = (max - min) / (upright ? height : width);
    const move = (event: PointerEvent) => {
      const pixels = upright ? down.clientY - event.clientY : event.clientX - down.clientX;
      this.#set(value + pixels * way * FINE_DRAG);
    };
    const drop = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  }

  #set(wanted: number | undefined): void {
    if (wanted === undefined) return;
    const value = settled(wanted, this.#turn);
    if (value === this.#turn.value) return;
    // Kept here too: the next notch may come before the next rendering.
    this.#turn = { ...this.#turn, value };
    this.#turn.set(value);
  }
}

function wheelPixels({ deltaX, deltaY, deltaMode, shiftKey }: WheelEvent): number {
  const delta = deltaY !== 0 || !shiftKey ? deltaY : deltaX;
  // A line or a page is a notch, whatever its size.
  if (deltaMode !== WheelEvent.DOM_DELTA_PIXEL) return Math.sign(delta) * NOTCH;
  // A mouse's notch is 100 or 120 pixels, a trackpad sends a few at a time.
  return Math.abs(delta) >= NOTCH ? Math.sign(delta) * NOTCH : delta;
}

/** Hears of gestures that begin anywhere, from the first control on. */
function watchGestures(): void {
  if (gesture.watched) return;
  gesture.watched = true;
  const begin = (event: WheelEvent) => {
    if (event.timeStamp - gesture.time > GESTURE_PAUSE) gesture.start = undefined;
    if (gesture.start === undefined) gesture.time = event.timeStamp;
  };
  addEventListener("wheel", begin, { passive: true });
}

/** `${turns({...})}` on the element that is pointed at. */
export const turns = directive(Turns);
