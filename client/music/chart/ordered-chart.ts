/**
 * The chart that a piece is composed to: what the player wrote, and where that is open what the arranger writes. The
 * order is data and crosses threads; the chart made of it answers bar by bar, the same wherever it is made.
 */
import { MetreMap, type MetrePoint } from "#music/metre.ts";
import { Arranger, type ArrangerSettings } from "./arranger.ts";
import { type ChartBar, type ChartBars, OPEN_BAR } from "./chart.ts";
import { Practice } from "./practice.ts";
import { PRACTICE_TABLE } from "./practice-table.ts";

/** What the bars of a piece should be like; all open where nothing is said. */
export interface ChartOrder {
  /** What the player wrote, by bar. */
  readonly written?: Readonly<Record<number, Partial<ChartBar>>>;
  /** Index into STYLES; the arranger's where undefined. */
  readonly style?: number;
  /** How the arranger fills what is open; it stays open where undefined. */
  readonly arranged?: ArrangerSettings;
}

/** See the header. */
export class OrderedChart implements ChartBars {
  readonly metres: MetreMap;
  readonly style: number | undefined;
  /** Undefined where nothing is arranged. */
  readonly arranger: Arranger | undefined;
  readonly #written: Readonly<Record<number, Partial<ChartBar>>>;

  /** @param metres points of a `MetreMap`; 4/4 where undefined */
  constructor(order: ChartOrder = {}, metres?: readonly MetrePoint[]) {
    const { written = {}, style, arranged } = order;
    this.metres = new MetreMap(metres);
    this.#written = written;
    this.arranger =
      arranged &&
      new Arranger(
        style === undefined ? arranged : { ...arranged, style },
        new Practice(PRACTICE_TABLE),
      );
    this.style = style ?? this.arranger?.style;
  }

  get isOpen(): boolean {
    return this.arranger === undefined && Object.keys(this.#written).length === 0;
  }

  bar(index: number): ChartBar {
    const written = this.#written[index];
    const arranged = this.arranger?.bar(index) ?? OPEN_BAR;
    return written === undefined ? arranged : overlaid(arranged, written);
  }
}

/** A bar of which what is said of another holds before its own. */
export function overlaid(below: ChartBar, above: Partial<ChartBar>): ChartBar {
  const { chords, players, ...rest } = above;
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...below,
    ...said,
    chords: [chords?.[0] ?? below.chords[0], chords?.[1] ?? below.chords[1]],
    players: below.players.map((plays, instrument) => players?.[instrument] ?? plays),
  };
}
