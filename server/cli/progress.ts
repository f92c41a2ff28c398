/** Progress on stderr: a line that rewrites itself in a terminal, a line for each quarter elsewhere. */

/** Shows how far a piece of work has come. */
export class Progress {
  readonly #terminal = process.stderr.isTTY === true;
  readonly #label: string;
  #shown = -1;

  /** @param label what is being done, the beginning of the line */
  constructor(label: string) {
    this.#label = label;
  }

  /** @param share 0-1 @param remark follows the percentage */
  show(share: number, remark = ""): void {
    const steps = this.#terminal ? 100 : 4;
    const step = Math.floor(share * steps);
    if (step === this.#shown) return;
    this.#shown = step;
    const percent = Math.floor(share * 100);
    const line = `${this.#label} ${percent} %${remark === "" ? "" : `, ${remark}`}`;
    process.stderr.write(this.#terminal ? `\r\x1b[K${line}` : `${line}\n`);
  }

  /** Ends the line. */
  end(): void {
    if (this.#terminal) process.stderr.write("\r\x1b[K");
  }
}
