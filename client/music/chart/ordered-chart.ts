/**
 * The chart that a piece is composed to: what the player wrote, and where that is open what the arranger writes. The
 * order is data and crosses threads; the chart made of it answers bar by bar, the same wherever it is made.
 */
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { MetreMap, type MetrePoint, stepsOf } from "#music/metre.ts";
import PRACTICE_TABLE from "../../../presets/practice.json" with { type: "json" };
import { Arranger, type ArrangerSettings } from "./arranger.ts";
import { type ChartBar, type ChartBars, OPEN_BAR } from "./chart.ts";
import { type ChordKey, keyOfLoop, keyOfSaid } from "./chord-key.ts";
import { ENDING_BARS, type PlacedPart, sectionsBefore } from "./form.ts";
import { type ChartSpan, type LaidBar, LaidChart } from "./laid-chart.ts";
import { Practice } from "./practice.ts";
import { type MetreKind, metreKind } from "./progressions.ts";
import { StyleCourse, type StylePoint } from "./style-course.ts";

/** What the bars of a piece should be like; all open where nothing is said. */
export interface ChartOrder {
  /** What holds for single bars above all else, by bar. */
  readonly written?: Readonly<Record<number, Partial<ChartBar>>>;
  /** The player's chart of a jam. */
  readonly laid?: readonly ChartSpan[];
  /** Index into STYLES; the arranger's where undefined. */
  readonly style?: number;
  /** Styles that are reached over bars, ascending; form and key stay. */
  readonly styles?: readonly StylePoint[];
  /** How the arranger fills what is open; it stays open where undefined. */
  readonly arranged?: ArrangerSettings;
}

const PRACTICE = new Practice(PRACTICE_TABLE);

/** Bars that are kept made: music asks for the same few with every token. */
const KEPT_BARS = 64;

/** See the header. */
export class OrderedChart implements ChartBars {
  readonly metres: MetreMap;
  readonly style: number | undefined;
  readonly isOpen: boolean;
  /** Undefined where nothing is arranged. */
  readonly arranger: Arranger | undefined;
  readonly #written: Readonly<Record<number, Partial<ChartBar>>>;
  readonly #laid: LaidChart;
  /** The styles of its bars, and who arranges each; undefined where one holds throughout. */
  readonly #styles: StyleCourse<Arranger> | undefined;
  /** A key was chosen, which holds whatever chords are written. */
  readonly #hasKey: boolean;
  /** What went round before the ending that was asked for, which is in its key from bar `from` on. */
  readonly #before: { readonly from: number; readonly loop: readonly Partial<ChartBar>[] };
  readonly #made = new Map<number, ChartBar>();
  readonly #keys = new WeakMap<readonly Partial<ChartBar>[], ChordKey>();

  /** @param metres points of a `MetreMap`; 4/4 where undefined */
  constructor(order: ChartOrder = {}, metres?: readonly MetrePoint[]) {
    const { written = {}, style } = order;
    const { laid, arranged, before } = withEnding(order.laid ?? [], order.arranged);
    this.metres = new MetreMap(metres);
    this.#written = written;
    this.#hasKey = arranged?.key !== undefined;
    this.arranger = arranged && arrangerOf(arranged, style);
    this.#styles = arranged && order.styles && coursed(arranged, this.arranger!, order.styles);
    this.#laid = new LaidChart(laid, this.arranger && ((bar) => this.arranger!.sectionAt(bar)));
    this.#before = before;
    this.style = this.#styles?.last.style ?? style ?? this.arranger?.style;
    this.isOpen =
      this.arranger === undefined && this.#laid.isOpen && Object.keys(written).length === 0;
  }

  styleAt(bar: number): number | undefined {
    return this.#styles === undefined ? this.style : this.#styles.at(bar).style;
  }

  bar(index: number): ChartBar {
    const known = this.#made.get(index);
    if (known !== undefined) return known;
    if (this.#made.size >= KEPT_BARS) this.#made.clear();
    const bar = this.#make(index);
    this.#made.set(index, bar);
    return bar;
  }

  holds(index: number): readonly [boolean, boolean] {
    const said = [this.#laid.at(index).written, this.#written[index]];
    const isSaid = (half: 0 | 1) => said.some((bar) => bar?.chords?.[half] !== undefined);
    return [isSaid(0), isSaid(1)];
  }

  /** Where a bar lies in what the player wrote, and what that is. */
  laidAt(index: number): LaidBar {
    return this.#laid.at(index);
  }

  /** Whether a section of the form begins with a bar, after one of the same name, too. */
  beginsAt(index: number): boolean {
    return this.#written[index]?.section === undefined && this.sectionAt(index)?.first === index;
  }

  /** The section in which a bar lies; undefined where none is known. */
  sectionAt(bar: number): PlacedPart | undefined {
    return this.#laid.sectionAt(bar);
  }

  #make(index: number): ChartBar {
    const { formBar, named, written, drawn, loop } = this.#laid.at(index);
    const arranger = this.#styles?.at(index) ?? this.arranger;
    const said = [written, drawn, this.#written[index]];
    const bar = said.reduce<ChartBar>(
      (bar, above) => (above === undefined ? bar : overlaid(bar, above)),
      arranger?.bar(formBar, named, this.#keyIn(loop, index, arranger.key), this.#metreAt(index)) ??
        OPEN_BAR,
    );
    // A human may lead while the band's own of that instrument rests; whom the player's chart silences does not.
    const silenced = [written, drawn].some((laid) => laid?.players?.[bar.leader ?? -1] === false);
    return silenced ? withoutResting(bar) : bar;
  }

  /** The kind of metre in which the section of a bar was first heard. */
  #metreAt(index: number): MetreKind {
    const label = this.sectionAt(index)?.label;
    let first = index;
    for (const section of sectionsBefore(index + 1, (bar) => this.sectionAt(bar)))
      if (section.label === label) {
        first = section.first;
        break;
      }
    return metreKind(stepsOf(this.metres.bar(first).metre));
  }

  /** The key in which open bars of a loop, or after one, are arranged: that of its chords where none was chosen. */
  #keyIn(loop: readonly Partial<ChartBar>[], index: number, own: ChordKey): ChordKey {
    if (this.#hasKey) return own;
    if (loop.length === 0) {
      const { from, loop: last } = this.#before;
      return index < from ? own : (keyOfLoop(last, own) ?? keyOfSaid(last) ?? own);
    }
    const known = this.#keys.get(loop) ?? keyOfLoop(loop, own) ?? own;
    this.#keys.set(loop, known);
    return known;
  }
}

const arrangerOf = (settings: ArrangerSettings, style: number | undefined): Arranger =>
  new Arranger(style === undefined ? settings : { ...settings, style }, PRACTICE);

/** The arranger of each bar where styles are reached over bars: in the form and the key of the first. */
function coursed(settings: ArrangerSettings, first: Arranger, points: readonly StylePoint[]) {
  const { key, formName } = first;
  const kept = { ...settings, key: { tonic: key.tonic, scale: key.mode }, form: formName };
  const made = new Map(points.map((point) => [point, arrangerOf(kept, point.style)]));
  return new StyleCourse(points, settings.seed, first, (point) => made.get(point) ?? first);
}

/** A bar of which what is said of another holds before its own. Whose density is said plays, or rests where it is 0. */
function overlaid(below: ChartBar, above: Partial<ChartBar>): ChartBar {
  const { chords, players, ...rest } = above;
  const plays = (instrument: Instrument): boolean | undefined => {
    if (instrument === DRUMS)
      return above.drumDensity === undefined ? undefined : above.drumDensity > 0;
    return above.density === 0 ? false : undefined;
  };
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...below,
    ...said,
    chords: [chords?.[0] ?? below.chords[0], chords?.[1] ?? below.chords[1]],
    players: below.players.map(
      (before, instrument) => players?.[instrument] ?? plays(instrument) ?? before,
    ),
  };
}

/** A bar in which whoever is to lead plays; where they rest, who leads is open. */
function withoutResting(bar: ChartBar): ChartBar {
  const { leader, ...led } = bar;
  return leader !== undefined && bar.players[leader] === false ? led : bar;
}

/** An ending is the arranger's, whatever loops before it, and however far the form was led ahead. */
function withEnding(laid: readonly ChartSpan[], arranged: ArrangerSettings | undefined) {
  const before = { from: Number.POSITIVE_INFINITY, loop: [] };
  if (laid.length === 0 || arranged?.endsAt === undefined) return { laid, arranged, before };
  const ahead = Math.max(0, ...laid.map(({ loop, at, bar }) => (loop.length > 0 ? 0 : at - bar)));
  const endsAt = arranged.endsAt + ahead;
  const bar = Math.max(0, arranged.endsAt - ENDING_BARS);
  const { loop } = laid.findLast((span) => span.bar < bar) ?? laid[0];
  const ending = { bar, at: bar + ahead, loop: [], drawn: {} };
  return {
    laid: [...laid.filter((span) => span.bar < bar), ending],
    arranged: { ...arranged, endsAt },
    before: { from: bar, loop },
  };
}
