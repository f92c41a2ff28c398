/**
 * One jam: joins what the player decides (steering.ts), the piece as it is played (rendition.ts), the music ahead of it
 * (supply.ts) and what is shown (telemetry-board.ts) into one observable state. Owns no clock and no timer: `tick` is
 * called from outside, often, with the audio time.
 */
import type { Seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import { remarkOf } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { Take } from "#engine/journal/take.ts";
import { LOOKAHEAD } from "#engine/play/scheduler.ts";
import type { GrooveMap } from "#music/groove-map.ts";
import type { Instrument } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import type { Charting } from "./chart-desk.ts";
import type { Keys } from "./hand.ts";
import type { Leading } from "./leading.ts";
import {
  type Controls,
  firstPerformance,
  forAnotherPiece,
  type Performance,
  type Strip,
  withControls,
  withStrip,
} from "./performance.ts";
import type { Phase } from "./phase.ts";
import { Rendition } from "./rendition.ts";
import type { SessionParts } from "./session-parts.ts";
import type { SessionState } from "./session-state.ts";
import { Steering } from "./steering.ts";
import type { ModelName, Telemetry } from "./telemetry.ts";
import { TelemetryBoard } from "./telemetry-board.ts";
import type { MovablePlace } from "./tempo-following.ts";

/** Said while the machine allows less than a full band. */
const THINNED = remark("band-thinned", {});

/** The jam. Not disposed by the session: source, player. */
export class Session {
  readonly changed = new Emitter<SessionState>();
  /** What was heard of a piece, before another one takes its place. */
  readonly taken = new Emitter<Take>();
  /** The chart that the player writes on. */
  readonly charting: Charting;
  /** What the player leads the piece by: bars that go round or come back, parts that stay. */
  readonly leading: Leading;
  /** The keys that a human plays along on. */
  readonly keys: Keys;
  readonly #parts: SessionParts;
  readonly #rendition: Rendition;
  readonly #steering: Steering;
  readonly #board = new TelemetryBoard(() => this.#publish());
  #phase: Phase = "loading";
  #state: SessionState;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { source, controls } = parts;
    this.#rendition = new Rendition(parts, controls.tempo, controls.metre);
    this.#steering = new Steering({
      ...parts,
      rendition: this.#rendition,
      canBeGiven: () => this.#board.telemetry.model?.whyNoneGiven === undefined,
      performance: firstPerformance(controls),
      changed: () => this.#publish(),
    });
    const { charting, leading, supply } = this.#steering;
    this.charting = charting;
    this.leading = leading;
    this.keys = this.#steering;
    this.#state = this.#snapshot();
    source.composed.on((composed) => supply.receive(composed, this.#phase === "playing"));
    source.failed.on((error) => this.fail(remarkOf(error)));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** What the player has set; `perform` takes it back. */
  get performance(): Performance {
    return this.#steering.performance;
  }

  /** Recent past and everything planned, by onset; a live view. */
  get notes(): readonly Note[] {
    return this.#rendition.plan.notes;
  }

  /** The metres of what was played and of what is planned. */
  get metres(): MetreMap {
    return this.#rendition.metres;
  }

  /** How it was and will be played. */
  get grooves(): GrooveMap {
    return this.#rendition.grooves;
  }

  /** For whoever goes along with the music. */
  get place(): MovablePlace {
    return this.#rendition;
  }

  /** Weights are arriving. */
  showLoading(loadedBytes: number, totalBytes: number): void {
    this.#board.show({ loading: { loadedBytes, totalBytes } });
  }

  /** The model is there: a piece begins to be composed, and Play works. */
  modelLoaded(model: ModelName, backend: string): void {
    this.#enter("ready", { loading: undefined, model, backend });
    if (model.whyNoneGiven !== undefined) this.addRemark(model.whyNoneGiven);
    this.#steering.begin();
  }

  /** Something else composes on, after its device was lost; `why` tells the person. */
  modelMoved(backend: string, why: Remark): void {
    this.#board.show({ backend });
    this.addRemark(why);
  }

  /** Adds a lasting remark for the person: what is missing and what is done instead. */
  addRemark(added: Remark): void {
    this.#board.addRemark(added);
  }

  /** Takes a remark back that no longer holds. */
  dropRemark(dropped: Remark): void {
    this.#board.dropRemark(dropped);
  }

  /** Something outside broke. What sounds ends; `why` says what to do. */
  fail(why: Remark): void {
    this.#halt();
    this.#enter("failed", { message: why, loading: undefined });
  }

  /** Starts to play, or to gather music ahead. Call inside the user's gesture. */
  async play(): Promise<void> {
    if (this.#phase !== "ready") return;
    await this.#parts.unlock();
    if (this.#phase !== "ready") return;
    if (this.#rendition.isOver(this.#parts.clock())) this.startOver();
    this.#enter("gathering");
    this.tick(this.#parts.clock());
  }

  /** Ends all sound at once; Play goes on from here. */
  stop(): void {
    if (this.#phase !== "playing" && this.#phase !== "gathering") return;
    this.#halt();
    this.#steering.arrive(Number.POSITIVE_INFINITY);
    this.#enter("ready");
  }

  /** Brings the piece to an end: the next bars that are not committed are its last. Once a piece, while it plays. */
  end(): void {
    if (this.#phase === "playing") this.#steering.end();
  }

  /** Throws the piece away and begins another with a new seed. Plays on if it was playing. */
  startOver(): void {
    if (this.#phase === "loading" || this.#phase === "failed") return;
    const playing = this.#phase !== "ready";
    this.#halt();
    this.#steering.arrive(Number.POSITIVE_INFINITY);
    if (this.#rendition.heard) {
      const { controls } = this.performance;
      this.taken.emit({ controls, music: this.#rendition.music, midi: this.takeAsMidi() });
    }
    this.#steering.replace(forAnotherPiece(this.performance));
    this.#enter(playing ? "gathering" : "ready");
    this.#steering.begin();
  }

  /** Offers a piece that was left in play; `goOn` takes it up where it was left, before anything plays. */
  offer(left: Prime): void {
    this.#steering.offer(left);
  }

  goOn(): void {
    const { left } = this.#steering;
    if (this.#phase === "ready" && left !== undefined) this.#steering.begin(left);
  }

  /** The piece as it stands, to be written down or shared. */
  get heardSoFar() {
    return { ...this.#rendition.heardSoFar, performance: this.performance };
  }

  /** A tap on the beat; from the second on the tempo follows. */
  tapTempo(): void {
    this.#steering.tap();
  }

  /** Changes controls: tempo from the next unheard note on, the metre from the next bar that is not committed, the rest from there on. */
  setControls(change: Partial<Controls>): void {
    this.#steering.decide((before) => withControls(before, change));
  }

  /** Changes one strip; the lead cannot be disabled, the drums follow the drums control. */
  setStrip(instrument: Instrument, change: Partial<Strip>): void {
    this.#steering.decide((before) => withStrip(before, instrument, change));
  }

  /** Sets everything that a player sets, as it was kept; not to be undone. */
  perform(performance: Performance): void {
    this.#steering.replace(performance);
  }

  /** Brings a performance back, exactly and but for the seed: from the next bar on that is not settled; while nothing sounds, at once. */
  bringBack(performance: Performance): void {
    this.#steering.bringBack(performance);
  }

  /** Takes the newest decision back, from the commit horizon on as any change. */
  undo(): void {
    this.#steering.undo();
  }

  /** Does again what was undone last. */
  redo(): void {
    this.#steering.redo();
  }

  /** Where things stand now, in steps, for the eye. */
  timeline() {
    return this.#rendition.timelineAt(this.#parts.clock());
  }

  /** How loud an instrument is now, 0-1. */
  level(instrument: Instrument): number {
    return this.#parts.level(instrument);
  }

  /** What was heard so far, as a Standard MIDI File. */
  takeAsMidi(): Uint8Array {
    return this.#rendition.toMidi(`Cadenza, seed ${this.performance.controls.seed}`);
  }

  /** Moves everything on to the audio time `now`. Call every 25 to 50 ms, playing or not. */
  tick(now: Seconds): void {
    const phase = this.#phase;
    if (phase === "loading" || phase === "failed") return;
    const steady = this.#parts.steadyClock();
    const { supply } = this.#steering;
    this.#steering.tick(now);
    if (supply.tick(now, steady)) this.#tellDensity();
    const ahead = this.#rendition.ahead(now);
    if (phase === "gathering" && ahead >= supply.aheadWanted) {
      this.#rendition.start(now);
      this.#enter("playing");
    } else if (phase === "playing" && ahead < LOOKAHEAD && !this.#rendition.plan.isWhole)
      this.#starve(now);
    this.#rendition.advance(now);
    if (phase === "playing" && this.#rendition.hasToStop(now)) this.stop();
    this.#board.showFigures(steady, supply.pace, () => ({
      phase: this.#phase,
      secondsPerStep: this.#rendition.secondsPerStep,
      ahead: this.#rendition.ahead(now),
      stepsUntilHeard: supply.heardAt - this.#rendition.stepAt(now),
      ...supply.healthAt(now),
    }));
  }

  #tellDensity(): void {
    if (this.#steering.supply.thins) this.addRemark(THINNED);
    else this.dropRemark(THINNED);
  }

  /** All that lay ahead is used up: time stands still, without cutting what sounds, until there is more. */
  #starve(now: Seconds): void {
    this.#rendition.hold(now);
    this.#enter("gathering", { message: this.#board.telemetry.message });
  }

  #halt(): void {
    if (this.#phase !== "playing" && this.#phase !== "gathering") return;
    this.#rendition.stop(this.#parts.clock());
  }

  #enter(phase: Phase, telemetry: Partial<Telemetry> = {}): void {
    this.#phase = phase;
    this.#board.show({ message: undefined, ...telemetry });
  }

  #publish(): void {
    this.#state = this.#snapshot();
    this.changed.emit(this.#state);
  }

  #snapshot(): SessionState {
    const { performance, state } = this.#steering;
    return { phase: this.#phase, ...performance, ...this.#board.telemetry, ...state };
  }
}
