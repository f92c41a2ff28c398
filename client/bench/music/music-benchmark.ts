/**
 * `npm run bench -- music [--model FOLDER] [--bars N] [--seeds N] [--leads A,B] [--chord-lock LOCK] [--levels]
 * [--controls topP=.9,pitchWarmth=.95] [--velocities Piano=upper,Drums=lower]`: plays every lead without end at the
 * default controls, or others, and measures what comes: whether it is stuck, whether its sections are heard to return, who
 * leads, how far the chart is obeyed, what share of melodic sounding time on strong beats keeps to its chords, how loud each
 * instrument is, and how far its bars are like those of real music (bar-features.ts). With `--levels` density, drums and
 * energy are asked for in all their steps, anew every four bars, where an arrangement uses few. One row a lead, the last
 * line JSON.
 */
import { parseArgs } from "node:util";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { VELOCITY_PARTS } from "#engine/compose/choices.ts";
import { Composer } from "#engine/compose/composer.ts";
import type { CompositionSettings, SamplingSettings } from "#engine/compose/composition.ts";
import {
  type ControlValues,
  fits,
  SAMPLING_CONTROLS,
  SUBTLE_CONTROLS,
  samplingOf,
  usualValues,
} from "#engine/compose/controls.ts";
import { openModel } from "#engine/compose/open-model.ts";
import { type VelocityPart, withQuantiles } from "#engine/compose/quantiles.ts";
import { type ChartBar, HIGHEST_LEVEL } from "#music/chart/chart.ts";
import { describe } from "#music/chart/describe.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import {
  INSTRUMENTS,
  type Instrument,
  instrumentByName,
  LEAD_INSTRUMENTS,
} from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { CHORD_LOCKS, type ChordLock } from "#music/rules/chart-rules.ts";
import { folderSource } from "../../../server/folder-source.ts";
import type { Benchmark } from "../benchmark.ts";
import { SHIPPED_MODEL } from "../shipped-model.ts";
import { BAR_FEATURES, BarCounts, overlaps } from "./bar-features.ts";
import { type ChordShare, chordShare } from "./chord-share.ts";
import { type FormMeasures, formMeasures } from "./form-measure.ts";
import { meanVelocities } from "./mean-velocities.ts";
import { agreement, rankCorrelation } from "./obedience.ts";
import REAL_BARS from "./real-bars.json" with { type: "json" };
import { type StuckMeasures, stuckMeasures } from "./stuck-measures.ts";

interface PieceOrder {
  readonly lead: Instrument;
  readonly seed: number;
  readonly bars: number;
  /** The page's own where undefined. */
  readonly lock: ChordLock | undefined;
  /** Whether levels go through all their steps. */
  readonly levels: boolean;
  readonly sampling: SamplingSettings;
}

/** Those that decide how tokens are drawn. */
const DRAWING_CONTROLS = [...SAMPLING_CONTROLS, ...SUBTLE_CONTROLS] as const;

/** Bars for which a level is asked, with `--levels`. */
const LEVEL_BARS = 4;

/** What one endless piece measured. */
interface PieceResult extends StuckMeasures {
  readonly lead: Instrument;
  readonly seed: number;
  /** Share of bars with melody in which the lead holds the skyline. */
  readonly leads: number;
  readonly escapes: number;
  readonly inChord: ChordShare;
  readonly form: FormMeasures;
  readonly notes: readonly Note[];
  readonly asked: readonly ChartBar[];
  readonly played: readonly ChartBar[];
}

export const musicBenchmark: Benchmark = {
  usage:
    "[--model FOLDER] [--bars N] [--seeds N] [--leads A,B] [--chord-lock LOCK] [--levels] [--controls NAME=N,NAME=N] [--velocities NAME=PART,NAME=PART]",
  async run(args, report) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        model: { type: "string", default: SHIPPED_MODEL },
        bars: { type: "string", default: "280" },
        seeds: { type: "string", default: "1" },
        leads: { type: "string" },
        "chord-lock": { type: "string" },
        levels: { type: "boolean", default: false },
        controls: { type: "string", default: "" },
        velocities: { type: "string", default: "" },
      },
    });
    const [bars, seeds] = [Number(values.bars), Number(values.seeds)];
    if (!Number.isInteger(bars) || bars < 24 || !Number.isInteger(seeds) || seeds < 1)
      throw new Failure("usage", "--bars is a whole number from 24, --seeds one from 1.");
    const leads = values.leads?.split(",").map(leadByName) ?? LEAD_INSTRUMENTS;
    const lock = chordLockOf(values["chord-lock"]);
    const sampling = withQuantiles(samplingOf(controlsOf(values.controls)), {
      pitches: INSTRUMENTS.map(() => "all"),
      velocities: velocitiesOf(values.velocities),
      band: "all",
    });
    const { manifest, decoder } = await openModel(folderSource(values.model), { prefer: "wasm" });
    const composer = new Composer(decoder, manifest.tokenization);
    const results: PieceResult[] = [];
    const counts = new BarCounts();
    const table: string[] = [];
    for (let seed = 1; seed <= seeds; seed++)
      for (const lead of leads) {
        const order = { lead, seed, bars, lock, levels: values.levels, sampling };
        const result = await play(composer, order);
        results.push(result);
        counts.add(result.notes, new MetreMap(), bars);
        table.push(row(INSTRUMENTS[lead], result));
        report(table[table.length - 1]);
      }
    const json = {
      benchmark: "music",
      model: manifest.id,
      version: manifest.version,
      ...naturalness(counts),
      ...summary(results),
      velocities: meanVelocities(results.flatMap(({ notes }) => notes)),
    };
    return { table, json };
  },
};

/** With drums. */
async function play(
  composer: Composer,
  { lead, seed, bars, lock, levels, sampling }: PieceOrder,
): Promise<PieceResult> {
  const metres = new MetreMap();
  const settings: CompositionSettings = {
    constraint: { lead, drums: true, ...(lock === undefined ? {} : { chordLock: lock }) },
    sampling,
    seed,
    chart: {
      arranged: { seed, lead, drums: true },
      ...(levels ? { written: everyLevel(seed, bars) } : {}),
    },
  };
  composer.begin(settings);
  const composed: Note[] = [];
  const end = metres.bar(bars).start;
  while (composer.onset < end) composed.push(await composer.next());
  const notes = canonicalNotes(composed).filter(({ onset }) => onset < end);
  const chart = new OrderedChart(settings.chart, metres.points);
  const played = describe(notes, metres, bars);
  const asked = played.map((_, bar) => chart.bar(bar));
  const melodic = played.filter(({ leader }) => leader !== undefined);
  return {
    ...stuckMeasures(notes, metres, bars),
    lead,
    seed,
    leads: melodic.filter(({ leader }) => leader === lead).length / Math.max(1, melodic.length),
    escapes: composer.escapes,
    notes,
    inChord: chordShare(notes, metres, asked),
    form: formMeasures(notes, metres, bars, (bar) => chart.sectionAt(bar)),
    asked,
    played,
  };
}

/** Levels drawn anew every few bars, each for itself. */
function everyLevel(seed: number, bars: number): Record<number, Partial<ChartBar>> {
  const random = new Random(seed);
  const level = () => random.integer(HIGHEST_LEVEL + 1);
  const written: Record<number, Partial<ChartBar>> = {};
  for (let first = 0; first < bars; first += LEVEL_BARS) {
    const asked = { density: level(), drumDensity: level(), energy: level() };
    for (let bar = first; bar < first + LEVEL_BARS; bar++) written[bar] = asked;
  }
  return written;
}

function chordLockOf(name: string | undefined): ChordLock | undefined {
  const lock = CHORD_LOCKS.find((known) => known === name);
  if (name === undefined || lock !== undefined) return lock;
  throw new Failure("usage", `--chord-lock is one of ${CHORD_LOCKS.join(", ")}.`);
}

/** How tokens are drawn, as usual but for those that are named with a number: "topP=.9,pitchWarmth=.95". */
function controlsOf(text: string): ControlValues<(typeof DRAWING_CONTROLS)[number]> {
  const named = text
    .split(",")
    .filter(Boolean)
    .map((pair): [string, number] => {
      const [name, value] = pair.split("=");
      const known = DRAWING_CONTROLS.find((control) => control === name);
      if (known !== undefined && fits(known, Number(value))) return [known, Number(value)];
      throw new Failure(
        "usage",
        `--controls takes numbers in range of ${DRAWING_CONTROLS.join(", ")}.`,
      );
    });
  return { ...usualValues(DRAWING_CONTROLS), ...Object.fromEntries(named) };
}

/** The part of each instrument's velocities, as it comes but for those that are named with theirs: "Piano=upper". */
function velocitiesOf(text: string): VelocityPart[] {
  const named = new Map(
    text
      .split(",")
      .filter(Boolean)
      .map((pair): [Instrument | undefined, VelocityPart] => {
        const [name, part] = pair.split("=");
        const instrument = instrumentByName(name);
        if (instrument !== undefined && Object.hasOwn(VELOCITY_PARTS, part))
          return [instrument, part as VelocityPart];
        const parts = Object.keys(VELOCITY_PARTS).join(", ");
        throw new Failure("usage", `--velocities takes instruments, each with one of ${parts}.`);
      }),
  );
  return INSTRUMENTS.map((_, instrument) => named.get(instrument) ?? "band");
}

function leadByName(name: string): Instrument {
  const lead = instrumentByName(name);
  if (lead !== undefined && LEAD_INSTRUMENTS.includes(lead)) return lead;
  throw new Failure("usage", `--leads knows no "${name}"; name instruments that can lead.`);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const row = (name: string, result: PieceResult): string =>
  [
    name.padEnd(8),
    `seed ${result.seed}`,
    `in runs ${percent(result.inRuns)}`,
    `longest ${result.longestRun}`,
    `hammered ${percent(result.hammered)}`,
    `notes ${result.notesABar.toFixed(1)}`,
    `pitches ${result.pitchesABar.toFixed(1)}`,
    `leads ${percent(result.leads)}`,
    `in chord ${percent(result.inChord.strong ?? 0)}`,
    `escapes ${result.escapes}`,
  ].join(", ");

/** How far bars are like those of real music, 0-1, feature by feature. */
function naturalness(counts: BarCounts) {
  const overlap = overlaps(counts.histograms, REAL_BARS);
  const sum = BAR_FEATURES.reduce((total, feature) => total + overlap[feature], 0);
  return { natural: Number((sum / BAR_FEATURES.length).toFixed(3)), overlap };
}

function summary(results: readonly PieceResult[]) {
  const mean = (of: (result: PieceResult) => number) =>
    Number((results.reduce((sum, result) => sum + of(result), 0) / results.length).toFixed(4));
  const asked = results.flatMap((result) => result.asked);
  const played = results.flatMap((result) => result.played);
  return {
    pieces: results.length,
    inRuns: mean(({ inRuns }) => inRuns),
    hammered: mean(({ hammered }) => hammered),
    runsOfEight: mean(({ longestRun }) => (longestRun >= 8 ? 1 : 0)),
    notesABar: mean(({ notesABar }) => notesABar),
    pitchesABar: mean(({ pitchesABar }) => pitchesABar),
    leads: mean(({ leads }) => leads),
    leadsHalf: mean(({ leads }) => (leads >= 0.5 ? 1 : 0)),
    longestRun: Math.max(...results.map(({ longestRun }) => longestRun)),
    escapes: mean(({ escapes }) => escapes),
    form: {
      sections: mean(({ form }) => form.sections),
      returning: mean(({ form }) => form.returning),
      returned: mean(({ form }) => form.returned ?? 0),
      elsewhere: mean(({ form }) => form.elsewhere ?? 0),
      heardBefore: mean(({ form }) => form.heardBefore ?? 0),
    },
    inChord: {
      strongBeats: mean(({ inChord }) => inChord.strong ?? 0),
      all: mean(({ inChord }) => inChord.all ?? 0),
    },
    obedience: {
      density: rankCorrelation(asked, played, ({ density }) => density),
      drumDensity: rankCorrelation(asked, played, ({ drumDensity }) => drumDensity),
      energy: rankCorrelation(asked, played, ({ energy }) => energy),
      players: agreement(asked, played, ({ players }) => players),
      chords: agreement(asked, played, ({ chords }) =>
        chords.map((chord) => (typeof chord === "object" ? chord.root : undefined)),
      ),
      leader: agreement(asked, played, ({ leader }) => [leader]),
    },
  };
}
