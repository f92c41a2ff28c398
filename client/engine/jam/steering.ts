/**
 * What the player decides, carried into the music: a moved control takes back what is not settled, a tempo changes at the
 * next unheard note, and what is brought back holds from a bar line on. Joins desk, rendition and supply.
 */
import type { Seconds } from "#base/brand.ts";
import type { CompositionSettings, CompositionSource } from "#engine/compose/composition.ts";
import { grooveOf } from "#engine/compose/controls.ts";
import type { FuturesSource } from "#engine/compose/futures.ts";
import { TapTempo } from "#engine/play/tap-tempo.ts";
import { begunAnew } from "#music/chart/player-chart.ts";
import { MetreMap } from "#music/metre.ts";
import type { Prime } from "#music/midi/prime.ts";
import { endOfNotes } from "#music/piece.ts";
import { ChartDesk } from "./chart-desk.ts";
import { Company } from "./company.ts";
import { CourseDesk } from "./course-desk.ts";
import { type Change, type Coming, Desk } from "./desk.ts";
import { Ending } from "./ending.ts";
import { FuturesDesk } from "./futures-desk.ts";
import type { Keys, StruckKey } from "./hand.ts";
import {
  composesOtherwise,
  compositionSettings,
  type Performance,
  withControls,
} from "./performance.ts";
import type { Rendition } from "./rendition.ts";
import { StyleTurning } from "./style-turning.ts";
import { Supply } from "./supply.ts";
import { TempoAim } from "./tempo-aim.ts";

/** What steering goes by. */
interface SteeringParts {
  readonly source: CompositionSource;
  readonly futures?: FuturesSource;
  readonly rendition: Rendition;
  readonly performance: Performance;
  /** The audio time now. */
  readonly clock: () => Seconds;
  /** A time that always runs. */
  readonly steadyClock: () => Seconds;
  /** Whether music can be given to who composes. */
  readonly canBeGiven: () => boolean;
  /** Called after every change of what holds or is on its way. */
  readonly changed: () => void;
}

/** See the header. */
export class Steering implements Keys {
  readonly supply: Supply;
  /** What the player wrote of the chart, on the piece in play. */
  readonly charting = new ChartDesk((change) =>
    this.decide((before) => ({ ...before, chart: change(before.chart) })),
  );
  /** Where the player leads the piece in play. */
  readonly leading: CourseDesk;
  readonly futures: FuturesDesk;
  readonly #parts: SteeringParts;
  readonly #desk: Desk;
  readonly #ending = new Ending();
  readonly #taps = new TapTempo();
  readonly #tempo: TempoAim;
  readonly #company: Company;
  readonly #styles = new StyleTurning();
  #left: Prime | undefined;
  /** How long it is: shown many times a second. */
  #leftBars: number | undefined;
  /** What was ordered last. */
  #newest: CompositionSettings | undefined;

  constructor(parts: SteeringParts) {
    this.#parts = parts;
    this.#desk = new Desk(parts.performance);
    this.#tempo = new TempoAim(parts.rendition, parts.performance.controls);
    this.#company = new Company(parts.rendition);
    this.supply = new Supply(parts.source, parts.rendition, (step, density) =>
      this.#settingsFrom(step, density),
    );
    this.futures = new FuturesDesk(parts.rendition, parts.futures, parts.changed);
    this.leading = new CourseDesk({
      ...parts,
      futures: this.futures,
      settings: () => this.#newest,
      charting: this.charting,
      performance: () => this.performance,
      decide: (change) => this.decide(change),
      decideFromBar: (change) => this.#decideFromBar(change),
    });
  }

  /** Another piece begins, or one that was `heard` up to its last note goes on. */
  begin(heard?: Prime): void {
    this.#ending.forget();
    if (heard !== undefined) {
      this.#left = undefined;
      this.#leftBars = undefined;
    }
    this.charting.begin();
    this.#company.begin();
    this.#styles.begin();
    this.leading.begin();
    const { rendition, clock } = this.#parts;
    this.#keepTime();
    this.#tempo.settle(clock());
    rendition.begin(heard);
    this.supply.begin(heard?.notes);
    this.#parts.changed();
  }

  /** A piece that was left in play can be gone on with. */
  offer(left: Prime): void {
    this.#left = left;
    this.#leftBars = new MetreMap(left.metres).barsIn(endOfNotes(left.notes));
    this.#parts.changed();
  }

  /** What is offered. */
  get left(): Prime | undefined {
    return this.#left;
  }

  /** A tap on the beat; from the second on the tempo follows. */
  tap(): void {
    const tempo = this.#taps.tap(this.#parts.steadyClock());
    if (tempo !== undefined) this.decide((before) => withControls(before, { tempo }));
  }

  /** Brings the piece to its end, once. */
  end(): void {
    if (this.#ending.isAsked) return;
    this.#ending.ask();
    this.supply.want();
    this.#parts.changed();
  }

  /** What the player has set, as it holds now. */
  get performance(): Performance {
    return this.#desk.performance;
  }

  /** What is shown of it. */
  get state() {
    const { canUndo, canRedo, coming, newest, waits } = this.#desk;
    return {
      ...{ canUndo, canRedo, comingStep: coming?.step },
      comingCourse: coming !== undefined || waits ? newest.course : undefined,
      ...{ ending: this.#ending.isAsked, leftBars: this.#leftBars },
      ...{ records: this.leading.isRecording, keeps: this.leading.isKeeping },
      ...{ stops: this.#parts.rendition.stops, futures: this.futures.state },
    };
  }

  /** The player moved something. */
  decide(change: Change): void {
    const { newest } = this.#desk;
    this.#desk.decide(change, this.#parts.steadyClock());
    this.#follow(newest);
  }

  /** Sets everything; no decision, not to be undone. */
  replace(performance: Performance): void {
    const { newest } = this.#desk;
    this.#desk.replace(performance);
    this.#follow(newest);
  }

  /**
   * Brings a performance back, exactly and but for the seed: from the next bar on that is not settled; while nothing
   * sounds, at once. Another chart begins there at its beginning.
   */
  bringBack(performance: Performance): void {
    this.#decideFromBar(({ controls, chart: before, course }) => {
      const chart = performance.chart === before ? before : begunAnew(performance.chart);
      const { layers } = performance.course;
      return {
        ...performance,
        chart,
        course: { ...course, layers },
        controls: { ...performance.controls, seed: controls.seed },
      };
    });
  }

  undo(): void {
    this.#go(() => this.#desk.undo());
  }

  redo(): void {
    this.#go(() => this.#desk.redo());
  }

  press(key: StruckKey): void {
    const { rendition, clock } = this.#parts;
    if (!rendition.press(key, clock())) return;
    this.#company.press(rendition.stepAt(clock()), this.performance.controls);
    this.supply.want();
  }

  release(key: Omit<StruckKey, "velocity">): void {
    this.#parts.rendition.release(key, this.#parts.clock());
  }

  /** Moves on to the audio time `now`. */
  tick(now: Seconds): void {
    this.#bringIn(now);
    this.leading.tick();
    this.supply.sharing = this.futures.isWaiting;
    this.#tempo.advance(now);
    const step = this.#parts.rendition.stepAt(now);
    if (this.#company.listen(step, this.performance.controls)) this.supply.want();
    this.arrive(step);
  }

  /** The music has come to `step`: what was on its way up to there holds. */
  arrive(step: number): void {
    const { waits } = this.#desk;
    if (!this.#desk.arrive(step)) return;
    const { rendition, clock, changed } = this.#parts;
    if (waits) this.supply.want();
    this.#keepTime();
    if (!rendition.playing) this.#tempo.settle(clock());
    this.supply.release();
    changed();
  }

  /** The metre that is set holds from the first bar at the step or later. */
  #settingsFrom(step: number, density: number | undefined): CompositionSettings {
    const performance = this.#desk.performanceAt(step);
    const metres = this.#parts.rendition.setMetre(step, performance.controls.metre);
    const settings = compositionSettings(
      performance,
      metres,
      density,
      this.#ending.stepFrom(step, metres),
    );
    const bar = metres.barFrom(step).index;
    const styled = this.#styles.settingsFrom(bar, settings, performance.controls);
    const turned = this.#company.withTurns(styled, performance, step);
    const charted = this.charting.settingsFrom(bar, turned, performance);
    const led = this.leading.settingsFrom(step, charted, performance, this.#ending.isAsked);
    const { rendition, clock } = this.#parts;
    this.#newest = this.#company.withHeard(led, performance, rendition.stepAt(clock()), step);
    return this.#newest;
  }

  #go(through: () => boolean): void {
    const { newest } = this.#desk;
    if (!through()) return;
    this.supply.release();
    this.#follow(newest);
  }

  /** @param before what was decided last until now: it may be only on its way */
  #follow(before: Performance): void {
    this.#keepTime();
    const { waits, newest } = this.#desk;
    if (waits || composesOtherwise(before, newest)) this.supply.want();
    this.#parts.changed();
  }

  /** Tempo, groove, metronome and horizon are as they are set; while something comes, the first two from its bar on. */
  #keepTime(): void {
    const { rendition, clock } = this.#parts;
    const { controls } = this.performance;
    rendition.metronome.clicking = controls;
    rendition.horizon = controls.horizon;
    const { coming } = this.#desk;
    if (coming !== undefined) this.#tellComing(coming);
    else {
      rendition.setGroove(grooveOf(controls), clock());
      this.#tempo.aim(controls, clock());
    }
  }

  /** Another performance holds from the next bar on that is not settled; while nothing sounds, at once. */
  #decideFromBar(change: Change): void {
    const { rendition, clock, steadyClock, changed } = this.#parts;
    if (rendition.playing) this.#desk.call(change, steadyClock());
    else this.decide(change);
    this.#bringIn(clock());
    changed();
  }

  /** What waits for a bar line gets it, as soon as there is one. */
  #bringIn(now: Seconds): void {
    const { rendition, steadyClock, changed } = this.#parts;
    if (!this.#desk.waits || !rendition.playing) return;
    const taken = this.supply.takeBackFromBar(now, steadyClock(), (step) =>
      this.#tellComing(this.#desk.bring(step)),
    );
    if (taken) changed();
  }

  #tellComing({ step, performance: { controls } }: Coming): void {
    const { rendition, clock } = this.#parts;
    this.#tempo.jump(controls, step);
    rendition.setGroove(grooveOf(controls), clock(), step);
  }
}
