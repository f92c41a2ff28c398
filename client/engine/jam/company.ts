/**
 * What the band makes of a human who plays: their notes enter the past, their chord is played to, they take turns with the
 * lead or are followed. Joins the hand, its calls and the settings that music is composed under. Owns no clock.
 */
import type { CompositionSettings } from "#engine/compose/composition.ts";
import type { ChartBar } from "#music/chart/chart.ts";
import { instrumentByName } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import { Calls } from "./calls.ts";
import type { Hand } from "./hand.ts";
import type { Controls, Performance } from "./performance.ts";
import { answers, takesTurns, WRITTEN_BARS, withTurns } from "./trading.ts";

/** Bars of turns that are written at least, past what is composed. */
const SPARE_BARS = 12;

/** Bars for which what the human plays is written. */
const HEARD_BARS = 2;

/** What is played by now: the piece's metres, what of it is composed, and the human's part of it. */
interface Played {
  readonly hand: Hand;
  readonly metres: MetreMap;
  readonly plan: { readonly composedUntil: number };
}

/** See the header. Of one piece at a time. */
export class Company {
  readonly #played: Played;
  readonly #calls = new Calls();
  /** Bar up to which it is written whose turn it is. */
  #writtenUntil = 0;
  /** The last bar for which their chord is written; undefined where none is. */
  #chordUntil: number | undefined;

  /** @param played read whenever something is asked, never changed */
  constructor(played: Played) {
    this.#played = played;
  }

  /** Another piece begins. */
  begin(): void {
    this.#calls.clear();
    this.#chordUntil = undefined;
  }

  /** The human strikes a key that is part of the piece. */
  press(step: number, controls: Controls): void {
    if (answers(controls)) this.#calls.press(step, this.#played.metres);
  }

  /** The music has come to `step`; true where what is planned no longer fits. */
  listen(step: number, controls: Controls): boolean {
    const { hand, metres, plan } = this.#played;
    if (!answers(controls)) this.#calls.clear();
    const hasEnded = this.#calls.listen(step, hand.isDown, metres);
    const composed = metres.barAt(plan.composedUntil).index;
    const runsOut = takesTurns(controls) && composed + SPARE_BARS > this.#writtenUntil;
    return hasEnded || runsOut || this.#holdsOn(metres.barAt(step).index);
  }

  /** The settings with whose turn it is from `step` on. */
  withTurns(
    settings: CompositionSettings,
    performance: Performance,
    step: number,
  ): CompositionSettings {
    const { metres } = this.#played;
    const { index } = metres.barAt(step);
    this.#writtenUntil = index + WRITTEN_BARS;
    const answered = () => this.#calls.answersFrom(step, metres);
    return withTurns(settings, performance, index, answered, metres);
  }

  /**
   * The settings with what the human plays: it enters the past, its chord holds for the bar and the next where none is
   * written, and who follows is as busy and as loud. @param now the playhead @param step where music may be another
   */
  withHeard(
    settings: CompositionSettings,
    { controls, chart }: Performance,
    now: number,
    step: number,
  ): CompositionSettings {
    const { hand, metres } = this.#played;
    const played = hand.playedUntil(now);
    if (played === undefined) return settings;
    const chord = chart.text === "" ? hand.chordAt(now) : undefined;
    const { index } = metres.barAt(step);
    const last = index + HEARD_BARS - 1;
    this.#chordUntil = chord === undefined ? undefined : last;
    const heard: Partial<ChartBar> = {
      ...(chord === undefined ? {} : { chords: [chord, chord] }),
      ...(controls.company === "follow" ? this.#followed(now, controls) : {}),
    };
    if (Object.keys(heard).length === 0) return { ...settings, played };
    const before = settings.chart?.written ?? {};
    const written = { ...before };
    for (let bar = index; bar <= last; bar++) written[bar] = { ...before[bar], ...heard };
    return { ...settings, played, chart: { ...settings.chart, written } };
  }

  /** Whether keys stay down whose chord is written for the bar that plays and for none after it. */
  #holdsOn(bar: number): boolean {
    return this.#played.hand.isDown && this.#chordUntil !== undefined && bar >= this.#chordUntil;
  }

  /** What a band does that follows: as the human has played for a bar. */
  #followed(now: number, { hand: name, drums }: Controls): Partial<ChartBar> {
    const { hand, metres } = this.#played;
    const leader = instrumentByName(name);
    const levels = hand.levelsAt(now, metres.pointAt(now).metre);
    if (leader === undefined || levels === undefined) return {};
    const { drumDensity, ...melody } = levels;
    return { leader, ...melody, ...(drums ? { drumDensity } : {}) };
  }
}
