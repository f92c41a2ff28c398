/**
 * What controls of a controller are called, where it is a machine whose maker's manual is known: found by the name of its
 * port, asked for once, when a control of it was learned.
 */
import { Emitter } from "#base/emitter.ts";
import type { Machine, MachineName } from "#engine/jam/machine.ts";
import type { ControlSource } from "./control-source.ts";

/** Where machines are had from; both may reject. */
export interface MachineShelf {
  names(): Promise<readonly MachineName[]>;
  machine(id: string): Promise<Machine>;
}

/** Fewest letters by which a machine is known: shorter names stand in those of other devices. */
const FEWEST = 4;

const words = (name: string): string =>
  ` ${name
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join(" ")} `;

/** The machine that a port belongs to, by the longest name of one in it, with its maker or without. */
export function machineOfPort(
  port: string,
  machines: readonly MachineName[],
): MachineName | undefined {
  const called = words(port);
  const found = machines.flatMap((machine) => {
    const [, ...rest] = machine.name.split(" ");
    // Makers have one word or two: "Elektron Digitakt", "Akai Professional MPC Live".
    const names = [rest, rest.slice(1)].map((left) => left.join(" "));
    const inPort = [machine.name, ...names].find(
      (name) => name.length >= FEWEST && called.includes(words(name)),
    );
    return inPort === undefined ? [] : [{ machine, length: inPort.length }];
  });
  return found.sort((a, b) => b.length - a.length)[0]?.machine;
}

/** See the header. */
export class ControlNames {
  /** Fires when names of a device are known. */
  readonly changed = new Emitter<void>();
  readonly #machines: MachineShelf;
  readonly #asked = new Set<string>();
  readonly #known = new Map<string, ReadonlyMap<number, string>>();

  constructor(machines: MachineShelf) {
    this.#machines = machines;
  }

  /** The name of a control of a device; undefined where none is known. */
  of(device: string, { kind, number }: ControlSource): string | undefined {
    if (kind !== "controller" && kind !== "pair") return undefined;
    return this.#known.get(device)?.get(number);
  }

  /** Asks for the names of a device once; again after it was refused. Rejects as the shelf does. */
  async ask(device: string): Promise<void> {
    if (this.#asked.has(device)) return;
    this.#asked.add(device);
    try {
      const found = machineOfPort(device, await this.#machines.names());
      if (found === undefined) return;
      const { controllers } = await this.#machines.machine(found.id);
      this.#known.set(device, new Map(controllers.map((each) => [each.controller, each.name])));
    } catch (error) {
      this.#asked.delete(device);
      throw error;
    }
    this.changed.emit();
  }
}
