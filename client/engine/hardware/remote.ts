/**
 * What was learned, carried out: a control that is moved moves its targets. Faders take over softly, knobs without ends
 * turn in small parts of the way, pads and buttons flip and act when they go down, programs choose from a list.
 */
import { type ControlMove, sameSource, turnOf } from "./control-source.ts";
import type { Mapping, MappingBoard } from "./mapping.ts";
import { Takeover } from "./takeover.ts";
import type { Target } from "./target.ts";

/** Part of the way that one step of a knob without ends turns. */
const TURN = 1 / 128;

/** From here on a button is down. */
const DOWN = 0.5;

/** What is remembered of a mapping. */
interface Driven {
  readonly takeover: Takeover;
  down: boolean;
  /** Where a knob without ends has turned its target to, finer than it can stand; of a list, what was chosen last. */
  turned: number | undefined;
  /** Where the target stood after that. */
  stood: number;
}

/** See the header. */
export class Remote {
  readonly #board: MappingBoard;
  readonly #targets: ReadonlyMap<string, Target>;
  #driven = new Map<Mapping, Driven>();

  constructor(board: MappingBoard, targets: ReadonlyMap<string, Target>) {
    this.#board = board;
    this.#targets = targets;
    board.changed.on((mappings) => {
      this.#driven = new Map([...this.#driven].filter(([mapping]) => mappings.includes(mapping)));
    });
  }

  /** Controls were moved; true where that moved something, so that keys need not hear it. */
  hear(device: string, moves: readonly ControlMove[]): boolean {
    let taken = false;
    for (const move of moves) {
      for (const mapping of this.#board.state) {
        const target = this.#targets.get(mapping.target);
        if (target === undefined || mapping.device !== device || !isMovedBy(mapping, target, move))
          continue;
        taken = true;
        this.#drive(mapping, target, move);
      }
    }
    return taken;
  }

  #drive(mapping: Mapping, target: Target, move: ControlMove): void {
    const driven = this.#drivenOf(mapping);
    const wasDown = driven.down;
    driven.down = move.share >= DOWN || (move.source.kind === "pad" && move.share > 0);
    const pressed = driven.down && (!wasDown || move.source.kind === "program");
    switch (target.kind) {
      case "range":
        this.#moveRange(mapping, target, move, driven);
        break;
      case "switch":
        if (pressed) target.flip();
        break;
      case "act":
        if (pressed) target.act();
        break;
      case "list":
        this.#choose(target, move, driven);
        break;
    }
  }

  #moveRange(
    { encoding }: Mapping,
    target: Target & { kind: "range" },
    move: ControlMove,
    driven: Driven,
  ): void {
    const present = target.share();
    if (encoding !== "absolute") {
      // What the target was rounded to is not lost: small turns add up.
      const from =
        driven.turned !== undefined && present === driven.stood ? driven.turned : present;
      driven.turned = Math.min(1, Math.max(0, from + TURN * turnOf(move.value, encoding)));
      target.move(driven.turned);
      driven.stood = target.share();
      return;
    }
    // A pad is no fader: it strikes its target to where it was struck.
    const isPad = move.source.kind === "pad";
    if (isPad && move.share === 0) return;
    if (!driven.takeover.takes(move.share, present) && !isPad) return;
    target.move(move.share);
    driven.takeover.left(target.share());
  }

  #choose(target: Target & { kind: "list" }, { source, share }: ControlMove, driven: Driven): void {
    const length = target.length();
    const byProgram = source.kind === "program";
    const index = byProgram ? source.number : Math.min(length - 1, Math.floor(share * length));
    if (index < 0 || index >= length || (!byProgram && index === driven.turned)) return;
    driven.turned = index;
    target.choose(index);
  }

  #drivenOf(mapping: Mapping): Driven {
    const known = this.#driven.get(mapping);
    if (known !== undefined) return known;
    const fresh = { takeover: new Takeover(), down: false, turned: undefined, stood: 0 };
    this.#driven.set(mapping, fresh);
    return fresh;
  }
}

/** A list takes any program of the channel that was learned; all else the control itself. */
const isMovedBy = ({ source }: Mapping, target: Target, move: ControlMove): boolean =>
  sameSource(source, move.source) ||
  (target.kind === "list" &&
    source.kind === "program" &&
    move.source.kind === "program" &&
    source.channel === move.source.channel);
