/**
 * A chart as musicians type it: `| Am | F | C G | x2`. Bars stand between lines, two chords are those of its halves,
 * `%` or `/` says the last again, `-` leaves open, `x2` plays a line again, `[Verse]` names the section from there on
 * and begins a line (said again it begins again), and what follows "# " is a comment. Degrees ("ii V I") are those of the key. A line without bar
 * lines has a bar a word, and a slash in it parts its halves: `Am F/G C`.
 */
import { Failure, quoted } from "#base/failure.ts";
import type { Key } from "#music/key.ts";
import { type ChartBar, type ChartChord, movedBy } from "./chart.ts";
import { parseChord } from "./chord-names.ts";
import { isNumeral, parseNumeral } from "./roman-numerals.ts";

/** Bars a chart may have. */
export const MOST_CHART_BARS = 4096;

/** Letters the name of a section may have. */
const MOST_NAME = 80;

/** Whether a section may be called so: what stands in files, links and on buttons is a line and no book. */
export const namesSection = (name: string): boolean =>
  name.trim() !== "" && name.length <= MOST_NAME && !/\p{Cc}/u.test(name);

const COMMENT = /(^|\s)#(\s.*)?$/;
const SECTION = /^\[\s*([^[\]]+?)\s*\]/;
const REPEATS = /(^|[\s|])[x×]\s*(\d+)$/i;
/** What stands between chords, and between bars that have no lines. */
const BETWEEN = /[\s,]+/;
const REPEAT_SIGNS = /\|:|:\|/;
const AGAIN = ["%", "/"];
const OPEN = "-";

type Halves = readonly [ChartChord, ChartChord];

/** How words become chords. */
interface Reading {
  /** The key that degrees are of. */
  readonly key: Key | undefined;
  /** Semitones by which chords by name are moved, 0-11. */
  readonly way: number;
}

/**
 * Reads a chart written as text.
 * @param key the key that degrees are of
 * @param way semitones by which chords by name are moved, 0-11
 * @throws Failure "usage" naming line and bar, where there is but one line the bar, and what to write
 */
export function parseChartText(text: string, key?: Key, way = 0): Partial<ChartBar>[] {
  const bars: Partial<ChartBar>[] = [];
  let section: string | undefined;
  let isAgain = false;
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, written] of lines.entries()) {
    let number = 0;
    for (const part of written.replace(COMMENT, "").split(/(?=\[)/)) {
      let line = part.trim();
      const named = SECTION.exec(line);
      if (named !== null) {
        if (!namesSection(named[1])) {
          const why = `The name ${quoted(named[1])} of a section is too long`;
          throw new Failure("usage", `${why}; take at most ${MOST_NAME} letters.`);
        }
        isAgain = named[1] === section && bars.length > 0;
        section = named[1];
        line = line.slice(named[0].length).trim();
      }
      if (line === "") continue;
      try {
        const own = parseLine(line, { key, way }, bars.at(-1)?.chords, number);
        number += own.length;
        for (const chords of own) {
          const begins = isAgain ? { begins: true as const } : {};
          bars.push(section === undefined ? { chords } : { chords, section, ...begins });
          isAgain = false;
        }
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        throw new Failure("usage", placed(error.message, lines.length > 1 ? index : undefined));
      }
      if (bars.length > MOST_CHART_BARS) {
        throw new Failure("usage", `The chart is over ${MOST_CHART_BARS} bars; shorten it.`);
      }
    }
  }
  if (bars.length === 0) {
    throw new Failure("usage", "The chart has no bar; write one like | Am | F | C G | x2.");
  }
  return bars;
}

/** "Line 2 of the chart: bar 1: ...", or "Bar 1: ..." where there is but one line. */
const placed = (message: string, line: number | undefined): string =>
  line === undefined
    ? message.charAt(0).toUpperCase() + message.slice(1)
    : `Line ${line + 1} of the chart: ${message}`;

/** Bars of a line, its repeats included; `number` of its line stand before it. */
function parseLine(
  line: string,
  reading: Reading,
  before: Halves | undefined,
  number: number,
): Halves[] {
  const repeats = REPEATS.exec(line);
  const times = repeats === null ? 1 : Number(repeats[2]);
  if (times < 1 || times > MOST_CHART_BARS) {
    throw new Failure("usage", `"x${times}" is no number of times; write x2 to play it twice.`);
  }
  const music = (repeats === null ? line : line.slice(0, repeats.index)).trim();
  if (music === "") {
    throw new Failure(
      "usage",
      `there is nothing before "${line}" to repeat; end a line of chords in it.`,
    );
  }
  if (REPEAT_SIGNS.test(music)) {
    throw new Failure("usage", "repeat signs are not read; end the line in x2 to play it twice.");
  }
  const words = music.includes("|") ? cellsOf(music) : cellsOfWords(music);
  const own: Halves[] = [];
  for (const [n, cell] of words.entries()) {
    const last = own.at(-1) ?? before;
    try {
      own.push(parseCell(cell, reading, last));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure("usage", `bar ${number + n + 1}: ${error.message}`);
    }
  }
  if (own.length * times > MOST_CHART_BARS) {
    throw new Failure("usage", `the chart is over ${MOST_CHART_BARS} bars; shorten it.`);
  }
  return Array.from({ length: times }, () => own).flat();
}

/** What stands between bar lines; those at the ends may be left out, a double line is one. */
const cellsOf = (music: string): string[][] =>
  music
    .replace(/\|{2,}/g, "|")
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim().split(BETWEEN));

/** A bar a word; a slash within it parts the halves. */
const cellsOfWords = (music: string): string[][] =>
  music
    .split(BETWEEN)
    .filter((word) => word !== "")
    .map((word) => (word === "/" ? [word] : word.split("/")));

/** The chords of a bar's halves; `last` are those of the bar before. */
function parseCell(words: readonly string[], reading: Reading, last: Halves | undefined) {
  if (words.length === 1 && AGAIN.includes(words[0])) {
    if (last !== undefined) return last;
    throw new Failure("usage", `there is nothing before "${words[0]}" to say again; name a chord.`);
  }
  let chord = last?.[1];
  const chords = words.map((word) => {
    chord = AGAIN.includes(word) ? chord : parseWord(word, reading);
    return chord;
  });
  return halvesOf(chords);
}

function parseWord(word: string, { key, way }: Reading): ChartChord {
  if (word === "") {
    throw new Failure("usage", "it is empty; write a chord, % for the last again or - for open.");
  }
  if (word === OPEN) return undefined;
  return isNumeral(word) ? parseNumeral(word, key) : movedBy(parseChord(word), way);
}

/** One chord is of the whole bar, two of its halves, more are a beat each and change at the half alone. */
function halvesOf(chords: readonly ChartChord[]): Halves {
  const half = Math.ceil(chords.length / 2);
  const [first, second] = [chords.slice(0, half), chords.slice(half)];
  const alike = (part: readonly ChartChord[]) =>
    part.every((chord) => JSON.stringify(chord) === JSON.stringify(part[0]));
  if (!alike(first) || !alike(second)) {
    throw new Failure(
      "usage",
      "it changes chord within a half; write at most two chords in a bar.",
    );
  }
  return [first[0], second.length === 0 ? first[0] : second[0]];
}
