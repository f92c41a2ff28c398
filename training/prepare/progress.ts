/**
 * How far a preparation is: a bar that rewrites itself on a terminal, a line for each tenth elsewhere
 * (a log keeps every line). Goes to stderr; results go to stdout.
 */

const CELLS = 24;

/** Where a run stands. `begun` files were taken by earlier runs and tell nothing of this one's rate. */
export interface Standing {
  readonly files: number;
  readonly total: number;
  readonly begun: number;
  /** Seconds of this run. */
  readonly seconds: number;
}

/** The text of a standing, without its bar: share, files, rate and time left. */
export function describeStanding({ files, total, begun, seconds }: Standing): string {
  const percent = `${((100 * files) / total).toFixed(1)} %`;
  const rate = (files - begun) / seconds;
  const known = rate > 0 && Number.isFinite(rate);
  const pace = known
    ? `${rate.toFixed(0)} files/s, ${minutes((total - files) / rate)} left`
    : "rate not known yet";
  return `${percent}, ${files} of ${total} files, ${pace}`;
}

/** The bar of a share 0-1, as wide as the terminal leaves it beside `text`; empty where there is no room. */
export function bar(share: number, text: string, columns: number): string {
  const cells = Math.min(CELLS, columns - text.length - 4);
  if (cells < 4) return "";
  const full = Math.floor(share * cells);
  return `[${"#".repeat(full)}${"-".repeat(cells - full)}] `;
}

const minutes = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** Shows a run's standings on a stream. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #tenth = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(standing: Standing): void {
    const share = standing.files / standing.total;
    const text = describeStanding(standing);
    if (this.#stream.isTTY) {
      const line = `${bar(share, text, this.#stream.columns)}${text}`;
      this.#stream.write(`\r\x1b[K${line.slice(0, this.#stream.columns - 1)}`);
      return;
    }
    const tenth = Math.floor(10 * share);
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.#stream.write(`${text}\n`);
  }

  /** Ends the bar's line. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\n");
  }
}
