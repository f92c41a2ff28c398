/**
 * Learning: a target is chosen, then a control of hardware is moved, and from then on moves it. What a control means
 * (its encoding, whether it has 14 bits) shows while it is moved on, so a mapping is corrected until another target is
 * chosen. Pure: messages and choices come in, mappings go to the board.
 */
import { Emitter } from "#base/emitter.ts";
import {
  type ControlMove,
  type ControlSource,
  encodingOf,
  LOWER_HALF,
  sameSource,
} from "./control-source.ts";
import { type MappingBoard, sameControl } from "./mapping.ts";

/** What is shown of it. */
export interface LearningState {
  readonly on: boolean;
  /** What is to be moved; undefined until it is chosen. */
  readonly target: string | undefined;
}

/** Values by which an encoding is judged, the newest. */
const REMEMBERED = 64;

/** See the header. */
export class Learning {
  readonly changed = new Emitter<LearningState>();
  readonly #board: MappingBoard;
  #state: LearningState = { on: false, target: undefined };
  /** The control that was moved first, and on which device. */
  #heard: { readonly device: string; readonly source: ControlSource } | undefined;
  #values: number[] = [];

  constructor(board: MappingBoard) {
    this.#board = board;
  }

  get state(): LearningState {
    return this.#state;
  }

  start(): void {
    this.#set({ on: true, target: undefined });
  }

  end(): void {
    this.#set({ on: false, target: undefined });
  }

  /** This target is to be learned next. */
  choose(target: string): void {
    if (this.#state.on) this.#set({ on: true, target });
  }

  /** Controls were moved; true where that was for learning and for nobody else. */
  hear(device: string, moves: readonly ControlMove[]): boolean {
    const { on, target } = this.#state;
    if (!on || target === undefined) return false;
    for (const { source, value, share } of moves) {
      // A pad let go, or a button come up, is no choice.
      if (this.#heard === undefined && share === 0 && source.kind !== "controller") continue;
      this.#heard ??= { device, source };
      if (this.#heard.device !== device) continue;
      const finer = isFiner(source, this.#heard.source);
      if (finer) this.#heard = { device, source };
      if (!sameSource(source, this.#heard.source)) continue;
      const before = this.#values.length === 0 ? undefined : this.#board.of(target);
      this.#values = [...this.#values, value].slice(-REMEMBERED);
      const encoding = source.kind === "controller" ? encodingOf(this.#values) : "absolute";
      const mapping = { target, device, source, encoding };
      // What is only moved on is not told, and written down, at every message.
      if (before?.encoding === encoding && sameControl(before, mapping)) continue;
      this.#board.learn(mapping);
    }
    return true;
  }

  #set(state: LearningState): void {
    this.#state = state;
    this.#heard = undefined;
    this.#values = [];
    this.changed.emit(state);
  }
}

/** Whether a control is the pair of 14 bits that another is half of. */
const isFiner = (source: ControlSource, heard: ControlSource): boolean =>
  source.kind === "pair" &&
  heard.kind === "controller" &&
  heard.channel === source.channel &&
  (heard.number === source.number || heard.number === source.number + LOWER_HALF);
