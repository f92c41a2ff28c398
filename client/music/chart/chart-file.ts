/**
 * A chart as a file: text (chart-text.ts), or the JSON that is written beside a piece and can be given back (its fields
 * in docs/contract.md, section 5). What a bar does not say is open.
 */
import { Failure, quoted } from "#base/failure.ts";
import { DRUMS, INSTRUMENTS, type Instrument, instrumentByName } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import { type ChartBar, type ChartChord, HIGHEST_LEVEL, HIGHEST_NOVELTY } from "./chart.ts";
import { MOST_CHART_BARS, namesSection, parseChartText } from "./chart-text.ts";
import { chordName, parseChord } from "./chord-names.ts";
import { STYLES, styleIndex } from "./conditions.ts";

/** What a file says. */
export interface WrittenChart {
  readonly bars: readonly Partial<ChartBar>[];
  /** Index into STYLES; open where undefined. */
  readonly style?: number;
}

/** Highest level of each field that is one. */
const LEVELS = {
  density: HIGHEST_LEVEL,
  drumDensity: HIGHEST_LEVEL,
  energy: HIGHEST_LEVEL,
  novelty: HIGHEST_NOVELTY,
} as const;

const LEVEL_NAMES = Object.keys(LEVELS) as (keyof typeof LEVELS)[];
const FIELDS = [...LEVEL_NAMES, "section", "begins", "chords", "leader", "plays", "rests"];

/**
 * Reads a chart, text or JSON.
 * @param key the key that degrees in text are of
 * @throws Failure "usage" naming the place and what to write
 */
export function parseChart(text: string, key?: Key): WrittenChart {
  const unmarked = text.replace(/^\uFEFF/, "");
  return /^\s*(\{|\[\s*[[{])/.test(text)
    ? parseJson(unmarked)
    : { bars: parseChartText(unmarked, key) };
}

/** The JSON of a chart: a bar a line. */
export function writeChart({ bars, style }: WrittenChart): string {
  const lines = bars.map((bar) => `    ${JSON.stringify(fieldsOf(bar))}`);
  const head = style === undefined ? "" : `  "style": ${JSON.stringify(STYLES[style])},\n`;
  return `{\n${head}  "bars": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** @throws Failure "usage" with the styles there are */
export function parseStyle(name: string): number {
  const index = styleIndex(name.trim().toLowerCase());
  if (index !== undefined) return index;
  throw new Failure(
    "usage",
    `There is no style ${quoted(name)}; choose one of ${STYLES.join(", ")}.`,
  );
}

function fieldsOf(bar: Partial<ChartBar>): object {
  const { chords, players, leader, section, begins, ...levels } = bar;
  const who = (plays: boolean): string[] =>
    INSTRUMENTS.filter((_, instrument) => players?.[instrument] === plays);
  const name = (chord: ChartChord) => (chord === undefined ? null : chordName(chord));
  return {
    ...(section === undefined ? {} : { section }),
    ...(begins === undefined ? {} : { begins }),
    ...(chords?.some((chord) => chord !== undefined) ? { chords: chords.map(name) } : {}),
    ...levels,
    ...(leader === undefined ? {} : { leader: INSTRUMENTS[leader] }),
    ...(who(true).length === 0 ? {} : { plays: who(true) }),
    ...(who(false).length === 0 ? {} : { rests: who(false) }),
  };
}

function parseJson(text: string): WrittenChart {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = (cause as SyntaxError).message;
    const line = why.replace(/[\s\p{Cc}]+/gu, " ");
    throw new Failure("usage", `The chart is no JSON (${line}); mend it, or write it as text.`, {
      cause,
    });
  }
  if (Array.isArray(value)) {
    throw new Failure("usage", 'The chart is a list; write it as {"bars": [...]}.');
  }
  const { bars, style, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new Failure(
      "usage",
      `The chart has a field ${quoted(other)}; its fields are style and bars.`,
    );
  }
  if (!Array.isArray(bars) || bars.length === 0 || bars.length > MOST_CHART_BARS) {
    throw new Failure("usage", `"bars" of the chart must be a list of 1 to ${MOST_CHART_BARS}.`);
  }
  return {
    bars: bars.map((bar, index) => parseBar(bar, placeOf(text, index))),
    ...(style === undefined ? {} : { style: parseStyle(String(style)) }),
  };
}

/** "Bar 3 of the chart", and the line where it begins once a fault is to be told. */
const placeOf = (text: string, index: number) => (): string => {
  const line = lineOfBar(text, index);
  return `Bar ${index + 1} of the chart${line === undefined ? "" : `, on line ${line}`}`;
};

/** The line, from 1, on which a bar of a chart's JSON begins; undefined for what is no object. */
function lineOfBar(text: string, index: number): number | undefined {
  let [line, depth, bar] = [1, 0, -1];
  let field = "";
  // Strings are read whole: what stands in them opens and closes nothing.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},\n]/g)) {
    const isBars = field === '"bars"';
    if (token === "\n") line++;
    else if (depth === 1 && token.startsWith('"')) field = token;
    else if (token === "," && depth === 2 && isBars) bar++;
    else if (token === "[" || token === "{") {
      if (token === "[" && depth === 1 && isBars) bar = 0;
      if (token === "{" && depth === 2 && isBars && bar === index) return line;
      depth++;
    } else if (token === "]" || token === "}") depth--;
  }
  return undefined;
}

/** @param place says where it stands */
function parseBar(value: unknown, place: () => string): Partial<ChartBar> {
  const refuse = (why: string) => new Failure("usage", `${place()}: ${why}`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse('it must be fields, such as {"chords": ["Am", "F"]}.');
  }
  const bar = value as Record<string, unknown>;
  const unknown = Object.keys(bar).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw refuse(`there is no field ${quoted(unknown)}; take ${FIELDS.join(", ")}.`);
  }
  const levels: Record<string, number> = {};
  for (const name of LEVEL_NAMES) {
    const level = bar[name];
    if (level === undefined) continue;
    if (!Number.isInteger(level) || (level as number) < 0 || (level as number) > LEVELS[name]) {
      throw refuse(`"${name}" must be a whole number from 0 to ${LEVELS[name]}.`);
    }
    levels[name] = level as number;
  }
  const { section, begins, leader, plays, rests, chords } = bar;
  if (section !== undefined && (typeof section !== "string" || !namesSection(section))) {
    throw refuse('"section" must be a short name on one line, such as "verse".');
  }
  if (begins !== undefined && (begins !== true || section === undefined)) {
    throw refuse('"begins" is true where a "section" begins that the bar before bears, too.');
  }
  const instrument = (name: unknown): Instrument => {
    const found = typeof name === "string" ? instrumentByName(name) : undefined;
    if (found !== undefined) return found;
    throw refuse(`there is no instrument ${quoted(String(name))}; take ${INSTRUMENTS.join(", ")}.`);
  };
  const named = (field: string, names: unknown): Instrument[] => {
    if (names === undefined) return [];
    if (Array.isArray(names)) return names.map(instrument);
    throw refuse(`"${field}" must be a list of instruments.`);
  };
  const [playing, resting] = [named("plays", plays), named("rests", rests)];
  const both = playing.find((id) => resting.includes(id));
  if (both !== undefined) throw refuse(`${INSTRUMENTS[both]} plays and rests; take one out.`);
  const leads = leader === undefined ? undefined : instrument(leader);
  if (leads === DRUMS) throw refuse("Drums cannot lead; take an instrument that has pitches.");
  const says = playing.length + resting.length > 0;
  return {
    ...levels,
    ...(section === undefined ? {} : { section: section as string }),
    ...(begins === undefined ? {} : { begins }),
    ...(leads === undefined ? {} : { leader: leads }),
    ...(chords === undefined ? {} : { chords: parseChords(chords, refuse) }),
    ...(says
      ? {
          players: INSTRUMENTS.map((_, id) =>
            playing.includes(id) ? true : resting.includes(id) ? false : undefined,
          ),
        }
      : {}),
  };
}

function parseChords(
  value: unknown,
  refuse: (why: string) => Failure,
): readonly [ChartChord, ChartChord] {
  const names = typeof value === "string" ? [value, value] : value;
  if (!Array.isArray(names) || names.length !== 2) {
    throw refuse('"chords" must be a chord, or two for the halves: ["Am", "F"].');
  }
  const [first, second] = names.map((name): ChartChord => {
    if (name === null) return undefined;
    try {
      return parseChord(String(name));
    } catch (error) {
      if (error instanceof Failure) throw refuse(error.message);
      throw error;
    }
  });
  return [first, second];
}
