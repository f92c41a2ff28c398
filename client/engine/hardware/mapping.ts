/**
 * Which control of which controller moves what. A target has one control, the one that was learned last; a control may
 * move several targets, which is said. Devices go by their name: ids differ from browser to browser.
 */
import { Emitter } from "#base/emitter.ts";
import { type ControlSource, type Encoding, sameSource } from "./control-source.ts";

/** See the header. */
export interface Mapping {
  /** By its id; see targets.ts. */
  readonly target: string;
  /** The input's name. */
  readonly device: string;
  readonly source: ControlSource;
  readonly encoding: Encoding;
}

/** Whether two are moved by the same control. */
export const sameControl = (a: Mapping, b: Mapping): boolean =>
  a.device === b.device && sameSource(a.source, b.source);

/** All mappings, those of controllers that are away included. */
export class MappingBoard {
  readonly changed = new Emitter<readonly Mapping[]>();
  #mappings: readonly Mapping[];

  constructor(mappings: readonly Mapping[] = []) {
    this.#mappings = mappings;
  }

  get state(): readonly Mapping[] {
    return this.#mappings;
  }

  /** The mapping of a target. */
  of(target: string): Mapping | undefined {
    return this.#mappings.find((mapping) => mapping.target === target);
  }

  /** Other targets that the control of a mapping moves, too. */
  sharing(mapping: Mapping): readonly string[] {
    return this.#mappings
      .filter((other) => other.target !== mapping.target && sameControl(other, mapping))
      .map(({ target }) => target);
  }

  /** Takes a mapping in place of what its target had. */
  learn(mapping: Mapping): void {
    this.replace([...this.#mappings.filter(({ target }) => target !== mapping.target), mapping]);
  }

  forget(target: string): void {
    this.replace(this.#mappings.filter((mapping) => mapping.target !== target));
  }

  /** Takes these in place of all. */
  replace(mappings: readonly Mapping[]): void {
    this.#mappings = mappings;
    this.changed.emit(mappings);
  }
}
