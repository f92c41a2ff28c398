/**
 * Where the player leads the piece in play: bars that sound go round or come back, a part stays as it is, what a human
 * played repeats under the band, and what is planned can be another. Cuts out of the piece what is asked for; what was
 * asked of it goes to the composer.
 */
import type { Seconds } from "#base/brand.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import { cutOut } from "#engine/compose/given-music.ts";
import type { Cue } from "#music/chart/player-chart.ts";
import { type Instrument, instrumentByName } from "#music/instrument.ts";
import type { ChartDesk } from "./chart-desk.ts";
import {
  type BarCount,
  type Course,
  isFrozen,
  type Layer,
  otherwise,
  partOf,
  withBars,
  withLayer,
  without,
  withoutBars,
  withPassage,
} from "./course.ts";
import { CourseLaying } from "./course-laying.ts";
import type { FuturesDesk } from "./futures-desk.ts";
import type { Leading } from "./leading.ts";
import { MarkDesk, type Recall } from "./mark-desk.ts";
import { meantBar } from "./meant-bar.ts";
import type { Performance } from "./performance.ts";
import type { Rendition } from "./rendition.ts";

/** Bars of a part that go round once it is frozen, and how far back they are looked for. */
const PART_BARS = 2;
const LOOKED_BACK = 16;

/** Bars that a human plays, up to a bar line. */
interface Recording {
  readonly bars: BarCount;
  readonly end: number;
}

/** What it goes by. */
interface CourseParts {
  readonly rendition: Rendition;
  readonly clock: () => Seconds;
  /** What holds now. */
  readonly performance: () => Performance;
  readonly charting: Pick<ChartDesk, "ordered" | "barOf">;
  /** Four ways to go on. */
  readonly futures: FuturesDesk;
  /** Whether music can be given to who composes. */
  readonly canBeGiven: () => boolean;
  /** What is composed newest. */
  readonly settings: () => CompositionSettings | undefined;
  /** Called when what is waited for is another. */
  readonly changed: () => void;
  /** Carries out a decision, heard as soon as any. */
  readonly decide: (change: (before: Performance) => Performance) => void;
  /** The same exactly from the next bar line on. */
  readonly decideFromBar: (change: (before: Performance) => Performance) => void;
}

/** See the header. */
export class CourseDesk implements Leading {
  readonly #parts: CourseParts;
  readonly #laying = new CourseLaying();
  readonly #marks: MarkDesk;
  /** Bars that are recorded once the last of them is over. */
  #recording: Recording | undefined;

  constructor(parts: CourseParts) {
    this.#parts = parts;
    this.#marks = new MarkDesk({ ...parts, laying: this.#laying });
  }

  /** Whether the end of a bar is waited for, to record it. */
  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  /** Whether the end of a bar is waited for, to keep it. */
  get isKeeping(): boolean {
    return this.#marks.isWaiting;
  }

  /** Another piece begins. */
  begin(): void {
    this.#laying.begin();
    this.#marks.begin();
    this.#parts.futures.forget();
    this.#recording = undefined;
  }

  stopAtBar(): void {
    const { rendition, changed } = this.#parts;
    if (rendition.playing) rendition.stopAtBar();
    changed();
  }

  another(): void {
    this.#change(otherwise);
  }

  repeat(bars: BarCount): boolean {
    const { metres, plan } = this.#parts.rendition;
    const last = meantBar(metres, this.#step);
    const from = metres.bar(Math.max(0, last + 1 - bars)).start;
    const until = metres.bar(last + 1).start;
    if (!this.#parts.canBeGiven() || cutOut(plan.notes, from, until).length === 0) return false;
    this.#fromBar((course) => {
      const notes = cutOut(plan.notes, from, until);
      return withBars(course, { kind: "bars", steps: until - from, notes });
    });
    return true;
  }

  letGo(): void {
    this.#change(withoutBars);
  }

  goBack(bar: number): boolean {
    const { metres, music, plan } = this.#parts.rendition;
    const { start, steps } = metres.bar(bar);
    const isHeard = start + steps <= this.#step;
    const notes = cutOut(isHeard ? music.notes : plan.notes, start, start + steps);
    if (!this.#parts.canBeGiven() || notes.length === 0 || start > this.#step) return false;
    this.#fromBar((course) => withPassage(course, { steps, notes, after: start }));
    return true;
  }

  freeze(instrument: Instrument): boolean {
    const ofPart = (layer: Layer) => layer.kind === "part" && partOf(layer) === instrument;
    if (isFrozen(this.#parts.performance().course, instrument)) {
      this.#change((course) => without(course, ofPart));
      return true;
    }
    const part = this.#parts.canBeGiven() ? this.#partOf(instrument) : undefined;
    if (part !== undefined) this.#change((course) => withLayer(without(course, ofPart), part));
    return part !== undefined;
  }

  record(bars: BarCount): boolean {
    const { metres, playing } = this.#parts.rendition;
    const { bar, half } = metres.halfAt(this.#step);
    const waits = half === 1 || bar.start === 0;
    const recording = { bars, end: bar.start + (waits ? bar.steps : 0) };
    if (!this.#parts.canBeGiven() || this.#recorded(recording) === undefined) return false;
    this.#recording = playing && waits ? recording : undefined;
    if (this.#recording === undefined) this.#keep(recording);
    else this.#parts.changed();
    return true;
  }

  foresee(): boolean {
    const { futures, rendition, clock, settings, canBeGiven, changed } = this.#parts;
    const newest = settings();
    if (newest === undefined || !canBeGiven()) return false;
    futures.ask(rendition.commitStep(clock()), newest);
    changed();
    return true;
  }

  pick(index: number): boolean {
    const passage = this.#parts.futures.take(index);
    if (passage !== undefined) this.#change((course) => withPassage(course, passage));
    return passage !== undefined;
  }

  forget(): void {
    this.#parts.futures.forget();
    this.#parts.changed();
  }

  drop(layer: Layer): void {
    this.#change((course) => without(course, (each) => each === layer));
  }

  mark(): void {
    this.#marks.mark();
  }

  keep(bars: BarCount): boolean {
    return this.#marks.keep(bars);
  }

  recall(name: string, on: Cue["on"], how: Recall): boolean {
    return this.#marks.recall(name, on, how);
  }

  /** Records and keeps what was waited for. */
  tick(): void {
    this.#marks.tick();
    const recording = this.#recording;
    if (recording === undefined || this.#step < recording.end) return;
    this.#recording = undefined;
    this.#keep(recording);
  }

  /** The settings with what is given from a step on. @param ends bars that go round let the end come */
  settingsFrom(
    step: number,
    settings: CompositionSettings,
    { course, strips, controls }: Performance,
    ends: boolean,
  ): CompositionSettings {
    if (!this.#parts.canBeGiven()) return settings;
    const { silent = [] } = settings.constraint;
    const byHand = instrumentByName(controls.hand);
    const { rendition, charting } = this.#parts;
    const led = ends ? { ...withoutBars(course), passage: undefined } : course;
    const { given, frozen, repeats } = this.#laying.lay(step, led, {
      metres: rendition.metres,
      band: strips
        .filter(({ enabled, instrument }) => enabled && !silent.includes(instrument))
        .map(({ instrument }) => instrument),
      isHeard: (instrument) => instrument === byHand || strips[instrument].enabled,
      barOf: (cue) => charting.barOf(cue),
    });
    if (given.length === 0) return settings;
    const { constraint } = settings;
    return {
      ...settings,
      given,
      ...(frozen.length === 0
        ? {}
        : { constraint: { ...constraint, silent: [...silent, ...frozen] } }),
      ...(repeats ? { escapesRuts: false } : {}),
    };
  }

  get #step(): number {
    const { rendition, clock } = this.#parts;
    return Math.max(0, rendition.stepAt(clock()));
  }

  #change(change: (before: Course) => Course): void {
    this.#parts.decide((before) => ({ ...before, course: change(before.course) }));
  }

  #fromBar(change: (before: Course) => Course): void {
    this.#parts.decideFromBar((before) => ({ ...before, course: change(before.course) }));
  }

  /** The newest whole bars in which an instrument plays, before what may still change. */
  #partOf(instrument: Instrument): Layer | undefined {
    const { rendition, clock } = this.#parts;
    const { metres, plan } = rendition;
    const own = plan.notes.filter((note) => note.instrument === instrument);
    const { index } = metres.barAt(Math.max(0, rendition.commitStep(clock())));
    const newest = Math.max(index, Math.min(PART_BARS, index + 1));
    for (let end = newest; end > 0 && end > newest - LOOKED_BACK; end -= PART_BARS) {
      const [from, until] = [Math.max(0, end - PART_BARS), end].map((at) => metres.bar(at).start);
      const notes = cutOut(own, from, until);
      if (notes.length === 0) continue;
      const part: Layer = { kind: "part", steps: until - from, notes };
      this.#laying.cutOut(part, metres.bar(newest).start);
      return part;
    }
    return undefined;
  }

  #recorded({ bars, end }: Recording): Layer | undefined {
    const { metres, hand } = this.#parts.rendition;
    const from = metres.bar(Math.max(0, metres.barAt(end).index - bars)).start;
    const notes = cutOut(hand.playedBetween(from, end), from, end);
    return notes.length === 0 ? undefined : { kind: "recording", steps: end - from, notes };
  }

  #keep(recording: Recording): void {
    const layer = this.#recorded(recording);
    if (layer === undefined) return;
    this.#laying.cutOut(layer, recording.end);
    this.#change((course) => withLayer(course, layer));
  }
}
