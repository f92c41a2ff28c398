/** What of a file is not played or not learned from, in sentences: the same words everywhere. */

/** How many notes are not taken over, by cause. */
export interface LeftOut {
  /** Of sounds that none of the twelve instruments has. */
  readonly unmapped: number;
  /** Of channels at volume 0. */
  readonly silent: number;
  /** Struck on one step with another of their key; none where notes are played as they stand. */
  readonly merged?: number;
}

/** One sentence a cause, none where everything is there. */
export function leftOutSentences({ unmapped, silent, merged = 0 }: LeftOut): string[] {
  return [
    [unmapped, "of sounds that none of the twelve instruments has"] as const,
    [silent, "of channels at volume 0"] as const,
    [merged, "on one step with another of their key"] as const,
  ].flatMap(([count, which]) =>
    count === 0
      ? []
      : [
          `${count} ${count === 1 ? "note" : "notes"} ${which} ${count === 1 ? "is" : "are"} left out.`,
        ],
  );
}
