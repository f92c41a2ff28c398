/**
 * Form: how sections follow each other and come back. A form is a cycle of labels after an opening; a section of the
 * same label has the same chords, players and notes to remember, so that one hears it return. Endless play goes round
 * the cycle; a piece of a given length is cut to it and gets an ending.
 * After common practice: AABA and blues of songs and jazz, verse and chorus, the rondo.
 */
import { assert } from "#base/assert.ts";

/** Forms by name. */
export const FORMS = ["aaba", "verse and chorus", "rondo", "blues", "through-composed"] as const;

export type FormName = (typeof FORMS)[number];

/** What a section is to the music. */
export type SectionRole = "intro" | "main" | "contrast" | "bridge" | "ending";

interface Part {
  /** "intro", "A", "B", "verse", "chorus", ...: equal labels are the same music. */
  readonly label: string;
  readonly role: SectionRole;
  readonly bars: number;
}

/** A part with its place: bars [first, first + bars). */
export interface PlacedPart extends Part {
  readonly first: number;
}

/** A section of the music to come. */
export interface Section extends PlacedPart {
  /** How many sections of this label came before. */
  readonly earlier: number;
}

const main = (label: string, bars = 8): Part => ({ label, role: "main", bars });
const contrast = (label: string, bars = 8): Part => ({ label, role: "contrast", bars });
const bridge = (label: string, bars = 8): Part => ({ label, role: "bridge", bars });
const INTRO: Part = { label: "intro", role: "intro", bars: 4 };

/** The cycle of each form; through-composed music has none, see `partAt`. */
const CYCLES: Readonly<Record<Exclude<FormName, "through-composed">, readonly Part[]>> = {
  aaba: [main("A"), main("A"), bridge("B"), main("A")],
  "verse and chorus": [
    main("verse"),
    contrast("chorus"),
    main("verse"),
    contrast("chorus"),
    bridge("bridge"),
    contrast("chorus"),
  ],
  rondo: [main("A"), contrast("B"), main("A"), bridge("C"), main("A"), contrast("D")],
  blues: [main("A", 12), main("A", 12), contrast("B", 12), main("A", 12)],
};

/** Names that players give to sections, and what they are to the music. */
const ROLES_BY_NAME: readonly (readonly [RegExp, SectionRole])[] = [
  [/^(intro|vamp)/i, "intro"],
  [/^(chorus|refrain|hook|drop)/i, "contrast"],
  [/^(bridge|middle|break|solo)/i, "bridge"],
  [/^(end|outro|coda|tag)/i, "ending"],
];

/** What a section is to the music by its name: the main part where the name says nothing. */
export const roleOf = (name: string): SectionRole =>
  ROLES_BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? "main";

/** Bars of a phrase. */
export const PHRASE_BARS = 4;

/** How long an ending is, in bars. */
export const ENDING_BARS = 2;

/** Bars in which every section of a form was heard that comes back. */
const ALL_HEARD = 64;

/** Shortest piece that gets an intro, in bars. */
const INTRO_FROM = 24;

/** Sections as they follow each other from the first bar on, and begin before `bar`; fewer where none follows any more. */
export function* sectionsBefore<S extends PlacedPart>(
  bar: number,
  sectionAt: (bar: number) => S | undefined,
): Generator<S> {
  for (let next = 0; next < bar; ) {
    const section = sectionAt(next);
    if (section === undefined) return;
    const end = section.first + section.bars;
    if (end <= next) return;
    yield section;
    next = end;
  }
}

/** The newest section of the same label before one; undefined where it is the first of its label. */
export function sectionLike<S extends PlacedPart>(
  { first, label }: PlacedPart,
  sectionAt: (bar: number) => S | undefined,
): S | undefined {
  let earlier = first === 0 ? undefined : sectionAt(first - 1);
  while (earlier !== undefined && earlier.label !== label)
    earlier = earlier.first === 0 ? undefined : sectionAt(earlier.first - 1);
  return earlier;
}

/** The sections of one piece, made as they are asked for. */
export class Form {
  readonly #name: FormName;
  readonly #bars: number;
  readonly #sections: Section[] = [];
  readonly #ending: Section | undefined;

  /**
   * @param bars length of the piece; endless where undefined
   * @param endsAt the bar at which endless music ends all the same; what comes before its ending stays as it was
   */
  constructor(name: FormName, bars = Number.POSITIVE_INFINITY, endsAt?: number) {
    assert(bars >= 1, `a piece of ${bars} bars: expected 1 at least`);
    this.#name = name;
    this.#bars = bars;
    if (endsAt === undefined) return;
    const first = Math.max(0, endsAt - ENDING_BARS);
    this.#ending = { label: "ending", role: "ending", first, bars: ENDING_BARS, earlier: 0 };
  }

  /** The section in which a bar lies; the last one for bars past the end. */
  at(bar: number): Section {
    assert(bar >= 0, `bar ${bar} must be 0 or more`);
    if (this.#ending !== undefined && bar >= this.#ending.first) return this.#ending;
    return this.#until(bar).findLast((section) => section.first <= bar) ?? this.#sections[0];
  }

  /** The first section of a label, whether or not the music ends before it; undefined where none of that label comes back. */
  first(label: string): Section | undefined {
    return this.#until(ALL_HEARD).find(
      (section) => section.label === label && section.first < ALL_HEARD,
    );
  }

  /** The sections up to that of a bar at least, but for an ending that was asked for. */
  #until(bar: number): readonly Section[] {
    for (;;) {
      const last = this.#sections.at(-1);
      if (last !== undefined && (bar < last.first + last.bars || this.#ends(last)))
        return this.#sections;
      this.#sections.push(this.#after(last));
    }
  }

  #ends(section: Section): boolean {
    return section.first + section.bars >= this.#bars;
  }

  #after(last: Section | undefined): Section {
    const first = last === undefined ? 0 : last.first + last.bars;
    const left = this.#bars - first;
    const ends = Number.isFinite(left) && left <= ENDING_BARS && last !== undefined;
    const part = ends
      ? { label: "ending", role: "ending" as const, bars: left }
      : this.#partAt(this.#sections.length);
    // A piece that has an ending leaves room for it.
    const room = Number.isFinite(left) && left > ENDING_BARS ? left - ENDING_BARS : left;
    const bars = Math.min(part.bars, room);
    const earlier = this.#sections.filter(({ label }) => label === part.label).length;
    return { ...part, first, bars, earlier };
  }

  #partAt(index: number): Part {
    const hasIntro = this.#bars >= INTRO_FROM;
    if (hasIntro && index === 0) return INTRO;
    const at = index - (hasIntro ? 1 : 0);
    if (this.#name === "through-composed") {
      const label = String.fromCharCode("A".charCodeAt(0) + (at % 26));
      return {
        label: at < 26 ? label : `${label}${Math.floor(at / 26) + 1}`,
        role: at % 3 === 1 ? "contrast" : "main",
        bars: 8,
      };
    }
    const cycle = CYCLES[this.#name];
    return cycle[at % cycle.length];
  }
}
