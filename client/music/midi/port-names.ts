/**
 * The ports of a file: a track may name one by number (meta event 21) or by device name (09), and
 * the sixteen channels of each are its own. A file whose tracks all name one device has one port.
 */

/** Most ports that are told apart; later ones share the last. */
export const MOST_PORTS = 64;

/** Numbers ports as a file's tracks name them; 0 is that of tracks that name none. */
export class PortNames {
  readonly #indices = new Map<string, number>([["0 ", 0]]);
  #firstDevice: string | undefined;
  #number = 0;
  #device = "";
  #named = false;
  #current = 0;

  /** The port of what the track says now, 0-63. */
  get current(): number {
    return this.#current;
  }

  /** How many ports the file has named so far. */
  get count(): number {
    return Math.min(MOST_PORTS, this.#indices.size);
  }

  /** Whether the track named a port. */
  get named(): boolean {
    return this.#named;
  }

  nameNumber(number: number): void {
    this.#number = number;
    this.#change();
  }

  nameDevice(device: string): void {
    this.#firstDevice ??= device;
    this.#device = device === this.#firstDevice ? "" : device;
    this.#change();
  }

  endTrack(): void {
    this.#number = 0;
    this.#device = "";
    this.#named = false;
    this.#current = 0;
  }

  #change(): void {
    const name = `${this.#number} ${this.#device}`;
    const index = this.#indices.get(name) ?? Math.min(this.#indices.size, MOST_PORTS - 1);
    if (this.#indices.size < MOST_PORTS) this.#indices.set(name, index);
    this.#named = true;
    this.#current = index;
  }
}
