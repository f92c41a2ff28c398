/**
 * Names for ports that hold over reloads and from browser to browser: the name the system gives, with a number where
 * two have the same. Within a visit a port keeps its name by its id, whichever of two twins is plugged in first again.
 */

/** A port as the browser lists it. */
export interface ListedPort {
  readonly id: string;
  readonly name: string;
}

/** Gives names out. */
export class PortNames {
  readonly #names = new Map<string, string>();

  /** The names of the ports that are there now, in their order; no two the same. */
  of(ports: readonly ListedPort[]): string[] {
    const taken = new Set<string>();
    for (const { id } of ports) {
      const known = this.#names.get(id);
      if (known !== undefined) taken.add(known);
    }
    return ports.map(({ id, name }) => {
      const known = this.#names.get(id);
      if (known !== undefined) return known;
      const free = freeName(name.trim() || "MIDI", taken);
      taken.add(free);
      // Whoever had it before is not there, and will be given another if it comes.
      for (const [other, had] of this.#names) if (had === free) this.#names.delete(other);
      this.#names.set(id, free);
      return free;
    });
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; free = `${name} (${number++})`) {
    if (!taken.has(free)) return free;
  }
}
