/** The chart of the piece in play: what the player wrote, laid onto it, goes to the composer and to the screen. */
import { assert } from "#base/assert.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import type { Cue, PlayerChart } from "#music/chart/player-chart.ts";
import type { Key } from "#music/key.ts";
import { ChartLaying } from "./chart-laying.ts";
import type { Performance } from "./performance.ts";

/** What a player writes on, and reads. */
export interface Charting {
  /** The chart that the piece is composed to, bar by bar; another object once it says something else. */
  readonly ordered: OrderedChart;
  /** Changes what the player wrote. @throws Failure "usage" with what to write; nothing is changed then */
  write(change: (before: PlayerChart) => PlayerChart): void;
}

/** See the header. */
export class ChartDesk implements Charting {
  readonly write: Charting["write"];
  readonly #laying = new ChartLaying();
  #settings: Partial<Pick<CompositionSettings, "chart" | "constraint">> = {};
  #ordered: OrderedChart | undefined;

  /** @param write carries out what a player writes */
  constructor(write: Charting["write"]) {
    this.write = write;
  }

  get ordered(): OrderedChart {
    const { chart, constraint } = this.#settings;
    this.#ordered ??= new OrderedChart(chart, constraint?.metres);
    return this.#ordered;
  }

  /** Another piece begins. */
  begin(): void {
    this.#laying.begin();
  }

  /** The bar at which a cue began the chart; undefined where it did not yet. */
  barOf(cue: Cue): number | undefined {
    return this.#laying.barOf(cue);
  }

  /** The settings with the chart that holds from a bar on. @param bar the first that may change */
  settingsFrom(
    bar: number,
    settings: CompositionSettings,
    { chart, controls }: Performance,
  ): CompositionSettings {
    const { arranger } = new OrderedChart(settings.chart);
    assert(arranger !== undefined, "a jam is arranged");
    const own: Key = { tonic: arranger.key.tonic, scale: arranger.key.mode };
    const laid = this.#laying.lay(bar, chart, {
      key: controls.key ?? own,
      chosen: controls.key,
      formAt: (at) => arranger.sectionAt(at),
    });
    const charted =
      laid.length === 0 ? settings : { ...settings, chart: { ...settings.chart, laid } };
    this.#settings = charted;
    this.#ordered = undefined;
    return charted;
  }
}
