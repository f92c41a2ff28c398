/**
 * The arranger writes the chart where the player leaves it open: form, chords, who plays, who leads, how busy and how
 * loud. A pure function of its settings: bar n is the same however often and in whatever order one asks, so the
 * composer and the screen read the same chart, and a take can be replayed from its seed. What music of a style does
 * stands in a table counted from the training music (presets/practice.json).
 */
import { FNV_BASIS, fnvWith } from "#base/fnv.ts";
import { threefryWord } from "#base/random.ts";
import { DRUMS, INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import { type ChartBar, type ChartChord, HIGHEST_LEVEL, HIGHEST_NOVELTY } from "./chart.ts";
import { type ChordKey, chordKeyOf } from "./chord-key.ts";
import { STYLES } from "./conditions.ts";
import { Form, type FormName, type PlacedPart, type Section } from "./form.ts";
import type { Practice } from "./practice.ts";
import { drawProgression, type MetreKind } from "./progressions.ts";

/** What the chart follows from. Data: it crosses threads. */
export interface ArrangerSettings {
  readonly seed: number;
  readonly lead: Instrument;
  readonly drums: boolean;
  /** Melodic instruments that may accompany the lead; all where undefined. */
  readonly band?: readonly Instrument[];
  /** Chords are chosen in it; the arranger chooses one where undefined. */
  readonly key?: Key;
  /** Index into STYLES; the arranger chooses one that suits the lead where undefined. */
  readonly style?: number;
  readonly form?: FormName;
  /** Length of a piece in bars; endless where undefined. */
  readonly bars?: number;
  /** The bar at which endless music ends all the same. */
  readonly endsAt?: number;
  /** Added to the levels that the arranger would choose, -3 to 3; 0 where undefined. */
  readonly density?: number;
  readonly energy?: number;
  readonly novelty?: number;
}

/** Uses of the seed, kept apart. */
const STREAM = {
  whole: 0x61727230,
  section: 0x61727231,
  bar: 0x61727232,
  levels: 0x61727233,
  ensemble: 0x61727234,
} as const;

/** Share of bars in which the chosen lead leads, by the role of the section. */
const LEADS = { intro: 0.7, main: 0.95, contrast: 0.9, bridge: 0.6, ending: 1 } as const;

/**
 * Melodic instruments at once, the lead included: fewest and most, by the role of the section. As many as music of the style
 * has, counted, are fewer, who each play more and cover the lead (client/bench/LOG.md).
 */
const ENSEMBLE = {
  intro: [1, 2],
  main: [2, 4],
  contrast: [3, 5],
  bridge: [2, 3],
  ending: [2, 4],
} as const;

/** Among the bars of a style ordered by level, between which shares the sections of a role lie. */
const ROLE_SHARES = {
  intro: [0.1, 0.35],
  main: [0.25, 0.65],
  contrast: [0.45, 0.85],
  bridge: [0.1, 0.45],
  ending: [0.15, 0.5],
} as const;

/** Least level of density: four notes a bar and more; with fewer an intro falls silent for over a second. */
const LEAST_DENSITY = 3;

/** Everything that holds in all sections of one label, key and metre, or of one length where the form does not have the label. */
interface SectionPlan {
  readonly chords: readonly (readonly [ChartChord, ChartChord])[];
  readonly ensemble: readonly Instrument[];
  readonly drums: boolean;
  readonly levels: { readonly density: number; readonly drums: number; readonly energy: number };
}

/** See the header. */
export class Arranger {
  readonly #settings: ArrangerSettings;
  readonly #practice: Practice;
  readonly #form: Form;
  /** By label, role, length, metre and key. */
  readonly #plans = new Map<string, SectionPlan>();
  /** Index into STYLES. */
  readonly style: number;
  readonly formName: FormName;
  readonly key: ChordKey;

  constructor(settings: ArrangerSettings, practice: Practice) {
    this.#settings = settings;
    this.#practice = practice;
    const unit = this.#units(STREAM.whole, 0);
    // Each choice takes its number whether it is needed or not, so that one control does not move the others.
    const [style, form, tonic, mode] = [unit(), unit(), unit(), unit()];
    this.style = settings.style ?? practice.styleFor(settings.lead, settings.drums, style);
    const forms = FORMS_OF_STYLES[STYLES[this.style]];
    this.formName = settings.form ?? forms[Math.floor(form * forms.length)];
    this.key = keyOf(settings.key, tonic, mode < practice.minorShare(this.style));
    this.#form = new Form(this.formName, settings.bars, settings.endsAt);
  }

  /** The section in which a bar lies. */
  sectionAt(bar: number): Section {
    return this.#form.at(bar);
  }

  /**
   * What bar `index` (0 or more) should be like; nothing is open but a leader now and then.
   * @param section in which it lies: that of the form where the player has none of their own
   * @param key of its chords
   * @param metre kind of that in which the section was first heard
   */
  bar(
    index: number,
    section: PlacedPart = this.#form.at(index),
    key = this.key,
    metre: MetreKind = "four",
  ): ChartBar {
    const at = Math.min(index - section.first, section.bars - 1);
    const plan = this.#planOf(section, key, metre);
    const unit = this.#units(STREAM.bar, index);
    const [leads, novelty, density] = [unit(), unit(), unit()];
    const { lead, novelty: newer = 0 } = this.#settings;
    const fills = at === section.bars - 1 && section.bars >= 4 && section.role !== "ending";
    const begins = at === 0;
    const players = INSTRUMENTS.map((_, instrument) =>
      instrument === DRUMS ? plan.drums : plan.ensemble.includes(instrument),
    );
    return {
      chords: plan.chords[at % plan.chords.length] as [ChartChord, ChartChord],
      density: level(
        plan.levels.density + (density < 0.1 ? -1 : density > 0.92 ? 1 : 0),
        LEAST_DENSITY,
      ),
      drumDensity: plan.drums ? level(plan.levels.drums + (fills ? 1 : 0), 1) : 0,
      energy: level(plan.levels.energy + (begins && section.role !== "intro" ? 1 : 0), 1),
      novelty: Math.min(
        HIGHEST_NOVELTY,
        Math.max(
          0,
          (fills || begins ? HIGHEST_NOVELTY : this.#practice.novelty(this.style, novelty)) + newer,
        ),
      ),
      ...(leads < LEADS[section.role] ? { leader: lead } : {}),
      players,
      section: section.label,
    };
  }

  /** Of a label that the form has: as the form first has it, however long a section of it is. */
  #planOf(section: PlacedPart, key: ChordKey, metre: MetreKind): SectionPlan {
    const { label, role, bars } = this.#form.first(section.label) ?? section;
    const name = JSON.stringify([label, role, bars, metre, key.tonic, key.mode]);
    const known = this.#plans.get(name);
    if (known !== undefined) return known;
    const { lead, drums, band, density = 0, energy = 0 } = this.#settings;
    const unit = this.#units(STREAM.section, hash(label));
    const harmony = this.#practice.harmony(this.style, key.mode);
    const wishes = {
      beginsOnTonic: role !== "contrast" && role !== "bridge",
      closes: role === "ending",
    };
    const chords = drawProgression(harmony, metre, key.tonic, bars, wishes, unit);
    const others = LEAD_INSTRUMENTS.filter(
      (instrument) => instrument !== lead && (band?.includes(instrument) ?? true),
    );
    const drawn = this.#units(STREAM.levels, hash(label));
    const [low, high] = ROLE_SHARES[role];
    const usual = this.#practice.levels(this.style, low + (high - low) * drawn());
    const chosen = this.#units(STREAM.ensemble, hash(label));
    const [fewest, most] = ENSEMBLE[role];
    const count = fewest + Math.floor(chosen() * (most - fewest + 1));
    const ensemble = [
      lead,
      ...this.#practice.accompanists(this.style, lead, others, count - 1, chosen),
    ];
    const plan = {
      chords,
      ensemble,
      // The drums wait for the music in an intro now and then.
      drums: drums && !(role === "intro" && chosen() < 0.5),
      levels: {
        density: usual.density + density,
        drums: usual.drumDensity + density,
        energy: usual.energy + energy,
      },
    };
    this.#plans.set(name, plan);
    return plan;
  }

  /** Numbers in [0, 1) that depend on the seed, the use and `of` alone. */
  #units(stream: number, of: number): () => number {
    let counter = 0;
    return () => threefryWord(this.#settings.seed, stream, of, counter++) / 2 ** 32;
  }
}

/** Forms that a style takes by itself. */
const FORMS_OF_STYLES: Readonly<Record<(typeof STYLES)[number], readonly FormName[]>> = {
  rock: ["verse and chorus"],
  pop: ["verse and chorus"],
  country: ["verse and chorus", "aaba"],
  "hip hop": ["verse and chorus"],
  soul: ["verse and chorus", "blues"],
  folk: ["aaba", "verse and chorus"],
  hymn: ["aaba"],
  game: ["aaba", "rondo"],
  orchestra: ["rondo", "through-composed"],
  chamber: ["rondo", "through-composed"],
  piano: ["aaba", "rondo", "through-composed"],
  choir: ["through-composed", "aaba"],
  song: ["aaba", "through-composed"],
  jazz: ["aaba", "blues"],
  metal: ["verse and chorus"],
  ambient: ["through-composed"],
};

/** A chosen key, or one of the common ones. */
function keyOf(key: Key | undefined, tonic: number, minor: boolean): ChordKey {
  if (key === undefined) return { tonic: Math.floor(tonic * 12), mode: minor ? "minor" : "major" };
  return chordKeyOf(key);
}

const level = (value: number, lowest: number): number =>
  Math.min(HIGHEST_LEVEL, Math.max(lowest, Math.round(value)));

/** A number for a label. */
function hash(text: string): number {
  let value = FNV_BASIS;
  for (let at = 0; at < text.length; at++) value = fnvWith(value, text.charCodeAt(at));
  return value >>> 0;
}
