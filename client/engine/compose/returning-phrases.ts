/**
 * The tune comes back: of a section that returns some phrases are played note for note as they were when it was heard last,
 * the others anew. Two thirds of the bars of real music have most of their melody in common with one eight or more bars before
 * (`npm run bench -- real-bars`); drawn anew, not one of ours had. What comes back is cut out of the piece itself and obeys
 * what is asked of it now: where it does not, the phrase is drawn.
 */
import { threefryWord } from "#base/random.ts";
import type { ChartBar } from "#music/chart/chart.ts";
import { describe } from "#music/chart/describe.ts";
import { PHRASE_BARS, sectionLike } from "#music/chart/form.ts";
import type { OrderedChart } from "#music/chart/ordered-chart.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { cutOut, type GivenMusic, reaches } from "./given-music.ts";
import type { PieceHistory } from "./piece-history.ts";

/** Share of phrases that come back note for note: the first of a section, by which one knows it, and the others. */
const RETURNS = { first: 0.8, later: 0.55 } as const;

/** Bars after which it may come back, so that it is no rut. */
const LEAST_BARS = 8;

/** Of its notes so many must be allowed now that it is still the phrase. */
const ALLOWED = 0.75;

/** Of the bars that an instrument is to lead so many must be led by it: a tune is worth its return. */
const LED = 0.5;

/** How far its levels may be from what is asked for now, on average over its bars. */
const MOST_AWAY = 1;

/** Use of the seed. */
const STREAM = 0x72657475;

/** What phrases return by. Steps and bars are the piece's. */
export interface ReturnsBy {
  readonly ordered: OrderedChart;
  readonly seed: number;
  /** Phrases that begin before this step are past, or a hand has moved in them. */
  readonly from: number;
  /** What was heard before this step was of another band, and does not come back. */
  readonly since: number;
  /** The player's own, beside which nothing comes back. */
  readonly given: readonly GivenMusic[];
  /** How much newer than usual the player wants the music, -3 (all comes back) to 3 (nothing does). */
  readonly novelty: number;
}

/** A phrase, shorter at the end of a section, and the one it was. */
interface Phrase {
  readonly first: number;
  readonly bars: number;
  readonly before: number;
  /** Its section begins with it. */
  readonly isFirst: boolean;
}

const LEVELS = ["density", "drumDensity", "energy"] as const;
type Level = (typeof LEVELS)[number];

/** See the header. Of one piece under one order. */
export class ReturningPhrases {
  readonly #by: ReturnsBy;
  /** By first bar, what was decided; undefined: drawn. */
  readonly #decided = new Map<number, GivenMusic | undefined>();

  constructor(by: ReturnsBy) {
    this.#by = by;
  }

  /** What comes back in the phrase of a bar; undefined where that is drawn. To be asked before its first note is. */
  at(bar: number, piece: PieceHistory): GivenMusic | undefined {
    const phrase = phraseAt(this.#by.ordered, bar);
    if (phrase === undefined) return undefined;
    const { first } = phrase;
    if (!this.#decided.has(first)) this.#decided.set(first, this.#decide(phrase, piece));
    return this.#decided.get(first);
  }

  #decide(phrase: Phrase, piece: PieceHistory): GivenMusic | undefined {
    const { seed, from, since, given, novelty } = this.#by;
    const { first, before, bars, isFirst } = phrase;
    const { metres } = this.#by.ordered;
    const [begins, ends] = spanOf(metres, first, bars);
    const [began, ended] = spanOf(metres, before, bars);
    const known = piece.events[0]?.note.onset ?? Number.POSITIVE_INFINITY;
    if (begins < from || began < Math.max(since, known) || ended > piece.onset) return undefined;
    if (ends - begins !== ended - began || given.some((music) => reaches(music, begins, ends)))
      return undefined;
    const share = shareAt(isFirst ? RETURNS.first : RETURNS.later, novelty);
    if (threefryWord(seed, STREAM, first, 0) / 2 ** 32 >= share) return undefined;
    const heard = cutOut(piece.drawnBetween(began, ended), began, ended);
    const notes = heard.filter((note) => piece.permits({ ...note, onset: begins + note.onset }));
    if (notes.length === 0 || notes.length < ALLOWED * heard.length) return undefined;
    if (!this.#obeys(notes, phrase)) return undefined;
    return { from: begins, until: ends, cycle: ends - begins, notes, alone: true };
  }

  /** Whether it is what the chart asks for now: its chords, who plays and leads, how busy and how loud. */
  #obeys(notes: readonly Note[], { first, bars, before }: Phrase): boolean {
    const { ordered } = this.#by;
    const { metre } = ordered.metres.bar(first);
    const played = describe(notes, new MetreMap([{ step: 0, metre }]), bars);
    const asked = played.map((_, index) => ordered.bar(first + index));
    const isAsked = (instrument: number) => asked.some(({ players }) => players[instrument]);
    const plays = (instrument: number) => played.some(({ players }) => players[instrument]);
    return (
      asked.every(({ chords }, index) => sameChords(chords, ordered.bar(before + index).chords)) &&
      INSTRUMENTS.every((_, instrument) => !isAsked(instrument) || plays(instrument)) &&
      isLed(played, asked) &&
      LEVELS.every((level) => away(played, asked, level) <= MOST_AWAY)
    );
  }
}

/** The phrase of a bar that was there before; undefined where its section is new, or was only just there. */
function phraseAt(ordered: OrderedChart, bar: number): Phrase | undefined {
  const section = ordered.sectionAt(bar);
  if (section === undefined || ordered.laidAt(bar).marked) return undefined;
  const place = Math.floor((bar - section.first) / PHRASE_BARS) * PHRASE_BARS;
  const earlier = sectionLike(section, (at) => ordered.sectionAt(at));
  if (earlier === undefined || section.first - earlier.first < LEAST_BARS) return undefined;
  const bars = Math.min(PHRASE_BARS, section.bars - place, earlier.bars - place);
  if (bars <= 0) return undefined;
  const [first, before] = [section.first + place, earlier.first + place];
  // An ending takes the last bars of a section.
  if (ordered.sectionAt(first + bars - 1)?.label !== section.label) return undefined;
  return { first, bars, before, isFirst: place === 0 };
}

const spanOf = (metres: MetreMap, bar: number, bars: number): readonly [number, number] => [
  metres.bar(bar).start,
  metres.bar(bar + bars).start,
];

/** A share 0-1 of what comes back, where the player wants it newer than usual by -3 to 3. */
const shareAt = (share: number, novelty: number): number =>
  novelty > 0 ? share * (1 - novelty / 3) : share + ((1 - share) * -novelty) / 3;

const sameChords = (a: ChartBar["chords"], b: ChartBar["chords"]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Whether those lead who are to. */
function isLed(played: readonly ChartBar[], asked: readonly ChartBar[]): boolean {
  const led = asked.flatMap(({ leader }, index) =>
    leader === undefined ? [] : [leader === played[index].leader],
  );
  return led.filter(Boolean).length >= LED * led.length;
}

/** How far a level is from what is asked, on average over the bars in which both are said. */
function away(played: readonly ChartBar[], asked: readonly ChartBar[], of: Level): number {
  const distances = played.flatMap((bar, index) => {
    const [level, wanted] = [bar[of], asked[index][of]];
    return level === undefined || wanted === undefined ? [] : [Math.abs(level - wanted)];
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, distances.length);
}
