/** Collects what must be undone, and undoes it once, last first. */
export class Disposer {
  #undo: (() => void)[] = [];

  /** Remembers how to undo something. */
  add(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Undoes everything, last first; calling it again does nothing. All are tried; errors come out joined. */
  dispose(): void {
    const undo = this.#undo.reverse();
    this.#undo = [];
    const errors: unknown[] = [];
    for (const step of undo) {
      try {
        step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "disposing failed");
  }
}
