/**
 * One jam: joins the composer, the plan, the scheduler and the player's performance into one observable
 * state. Owns no clock and no timer: `tick` is called from outside, often, with the audio time.
 *
 * Music is composed ahead of the playhead, 4 s where the machine keeps up. Where it does not, the band is held
 * to what can be composed in time (density-governor.ts).
 */
import { type Seconds, seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import { remarkOf } from "#base/failure.ts";
import { threefryWord } from "#base/random.ts";
import { type Remark, remark, sameRemark } from "#base/remark.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import { Journal } from "#engine/journal/journal.ts";
import type { Take } from "#engine/journal/take.ts";
import { Plan } from "#engine/play/plan.ts";
import type { Player } from "#engine/play/player.ts";
import { LOOKAHEAD, Scheduler } from "#engine/play/scheduler.ts";
import { TapTempo } from "#engine/play/tap-tempo.ts";
import { Transport } from "#engine/play/transport.ts";
import type { Instrument } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { DensityGovernor } from "./density-governor.ts";
import { Horizon } from "./horizon.ts";
import { Pace } from "./pace.ts";
import {
  type Controls,
  composesOtherwise,
  compositionSettings,
  firstPerformance,
  type Performance,
  type Strip,
  withControls,
  withStrip,
} from "./performance.ts";
import type { Phase } from "./phase.ts";
import { Retakes } from "./retakes.ts";
import type { SessionState } from "./session-state.ts";
import { type ModelName, NO_TELEMETRY, situation, type Telemetry } from "./telemetry.ts";

/** Seconds between the press of Play and the first note, once enough lies ahead. */
const START_DELAY = 0.08;

/** Said while the machine allows less than a full band. */
const THINNED = remark("band-thinned", {});

/** Seconds between two snapshots for the figures alone (rate, seconds ahead). */
const FIGURES_INTERVAL = 0.25;

/** What the session plays with. */
export interface SessionParts {
  readonly source: CompositionSource;
  readonly player: Player;
  /** The audio time now; it stands still until the sound is unlocked. */
  readonly clock: () => Seconds;
  /** A time that always runs: for taps, and for how often things are done. */
  readonly steadyClock: () => Seconds;
  /** Makes the sound possible (resumes the audio context); called inside the user's gesture. */
  readonly unlock: () => Promise<void>;
  readonly level: (instrument: Instrument) => number;
  readonly controls: Controls;
}

/** The jam. Not disposed by the session: source, player. */
export class Session {
  readonly changed = new Emitter<SessionState>();
  /** What was heard of a piece, before another one takes its place. */
  readonly taken = new Emitter<Take>();
  readonly #parts: SessionParts;
  readonly #plan = new Plan();
  readonly #journal = new Journal();
  readonly #pace = new Pace();
  readonly #density = new DensityGovernor(this.#pace);
  readonly #taps = new TapTempo();
  readonly #retakes: Retakes;
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  readonly #horizon: Horizon;
  #metres: MetreMap;
  #phase: Phase = "loading";
  #performance: Performance;
  #telemetry = NO_TELEMETRY;
  #state: SessionState;
  #figuresAt = Number.NEGATIVE_INFINITY;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#transport = new Transport(parts.controls.tempo);
    const journal = this.#journal;
    this.#scheduler = new Scheduler(this.#plan, this.#transport, parts.player, (note) =>
      journal.add(note),
    );
    this.#horizon = new Horizon(this.#plan, this.#transport, this.#scheduler);
    this.#metres = MetreMap.of(parts.controls.metre);
    this.#retakes = new Retakes(this.#plan, parts.source, (step) => this.#settingsFrom(step));
    this.#performance = firstPerformance(parts.controls);
    this.#state = this.#snapshot();
    parts.source.composed.on((composed) => this.#receive(composed));
    parts.source.failed.on((error) => this.fail(remarkOf(error)));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** What the player has set; `perform` takes it back. */
  get performance(): Performance {
    return this.#performance;
  }

  /** Recent past and everything planned, by onset; a live view. */
  get notes(): readonly Note[] {
    return this.#plan.notes;
  }

  /** The metres of what was played and of what is planned. */
  get metres(): MetreMap {
    return this.#metres;
  }

  /** Weights are arriving. */
  showLoading(loadedBytes: number, totalBytes: number): void {
    this.#show({ loading: { loadedBytes, totalBytes } });
  }

  /** The model is there: a piece begins to be composed, and Play works. */
  modelLoaded(model: ModelName, backend: string): void {
    this.#enter("ready", { loading: undefined, model, backend });
    this.#begin();
  }

  /** Something else composes on, after its device was lost; `why` tells the person. */
  modelMoved(backend: string, why: Remark): void {
    this.#show({ backend });
    this.addRemark(why);
  }

  /** Adds a lasting remark for the person: what is missing and what is done instead. */
  addRemark(added: Remark): void {
    const { remarks } = this.#telemetry;
    if (!remarks.some((known) => sameRemark(known, added)))
      this.#show({ remarks: [...remarks, added] });
  }

  /** Takes a remark back that no longer holds. */
  dropRemark(dropped: Remark): void {
    const remarks = this.#telemetry.remarks.filter((known) => !sameRemark(known, dropped));
    if (remarks.length < this.#telemetry.remarks.length) this.#show({ remarks });
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
    this.#enter("gathering");
    this.tick(this.#parts.clock());
  }

  /** Ends all sound at once; Play goes on from here. */
  stop(): void {
    if (this.#phase !== "playing" && this.#phase !== "gathering") return;
    this.#halt();
    this.#enter("ready");
  }

  /** Throws the piece away and begins another with a new seed. Plays on if it was playing. */
  startOver(): void {
    if (this.#phase === "loading" || this.#phase === "failed") return;
    const playing = this.#phase !== "ready";
    this.#halt();
    if (this.#journal.notes.length > 0) {
      const { controls } = this.#performance;
      this.taken.emit({ controls, music: this.#journal.music, midi: this.takeAsMidi() });
    }
    const seed = threefryWord(this.#performance.controls.seed, 0, 1, 0);
    this.#performance = withControls(this.#performance, { seed: seed & 0xffff });
    this.#enter(playing ? "gathering" : "ready");
    this.#begin();
  }

  /** A tap on the beat; from the second on the tempo follows. */
  tapTempo(): void {
    const tempo = this.#taps.tap(this.#parts.steadyClock());
    if (tempo !== undefined) this.setControls({ tempo });
  }

  /**
   * Changes controls; tempo from the next unheard note on, the metre from the first bar past the commit horizon on,
   * the rest from that horizon on.
   */
  setControls(change: Partial<Controls>): void {
    this.perform(withControls(this.#performance, change));
  }

  /** Changes one strip; the lead cannot be disabled, the drums follow the drums control. */
  setStrip(instrument: Instrument, change: Partial<Strip>): void {
    this.perform(withStrip(this.#performance, instrument, change));
  }

  /** Sets everything that a player sets, as it was kept. */
  perform(performance: Performance): void {
    const before = this.#performance;
    this.#performance = performance;
    const { tempo } = performance.controls;
    if (tempo !== before.controls.tempo) this.#setTempo(tempo);
    if (composesOtherwise(before, performance)) this.#retakes.want();
    this.#publish();
  }

  /** Where things stand now, in steps, for the eye. */
  timeline(): { step: number; committedStep: number; plannedStep: number } {
    const now = this.#parts.clock();
    return {
      step: this.#transport.stepAt(now),
      committedStep: this.#horizon.commitStep(now),
      plannedStep: this.#plan.composedUntil,
    };
  }

  /** How loud an instrument is now, 0-1. */
  level(instrument: Instrument): number {
    return this.#parts.level(instrument);
  }

  /** What was heard so far, as a Standard MIDI File. */
  takeAsMidi(): Uint8Array {
    const journal = this.#journal;
    return journal.toMidi(`Cadenza, seed ${this.#performance.controls.seed}`);
  }

  /** Moves everything on to the audio time `now`. Call every 25 to 50 ms, playing or not. */
  tick(now: Seconds): void {
    const phase = this.#phase;
    if (phase === "loading" || phase === "failed") return;
    const steady = this.#parts.steadyClock();
    if (this.#retakes.isDue(steady)) {
      const keeps = this.#pace.isSlow(this.#secondsPerStep) && this.#transport.playing;
      this.#retakes.carryOut(steady, this.#horizon.commitStep(now), keeps);
    }
    if (this.#density.update(steady, this.#secondsPerStep)) this.#changeDensity(now);
    const wanted = this.#pace.aheadWanted(this.#secondsPerStep);
    const target = this.#pace.aheadTarget(this.#secondsPerStep);
    const step = this.#transport.stepAt(now);
    this.#parts.source.composeUntil(Math.ceil(step + target / this.#secondsPerStep));
    if (phase === "gathering" && this.#horizon.ahead(now) >= wanted) this.#startPlaying(now);
    else if (phase === "playing" && this.#horizon.ahead(now) < LOOKAHEAD) this.#starve(now);
    this.#scheduler.advance(now);
    if (steady - this.#figuresAt < FIGURES_INTERVAL) return;
    this.#figuresAt = steady;
    this.#show({
      rate: this.#pace.tokensPerSecond,
      realTimeFactor: this.#pace.realTimeFactor(this.#secondsPerStep),
      ahead: Math.max(0, this.#horizon.ahead(now)),
      aheadWanted: wanted,
      message: situation({
        phase: this.#phase,
        isSlow: this.#pace.isSlow(this.#secondsPerStep),
        realTimeFactor: this.#pace.realTimeFactor(this.#secondsPerStep),
        ahead: this.#horizon.ahead(now),
        aheadWanted: wanted,
        untilHeard: (this.#retakes.heardAt - this.#transport.stepAt(now)) * this.#secondsPerStep,
      }),
    });
  }

  get #secondsPerStep(): number {
    return this.#horizon.secondsPerStep;
  }

  /** What is composed from `step` on: the metre that is set holds from the first bar there or later. */
  #settingsFrom(step: number): CompositionSettings {
    this.#metres = this.#metres.changedFrom(step, this.#performance.controls.metre);
    this.#journal.setMetres(this.#metres);
    return compositionSettings(this.#performance, this.#metres, this.#density.limit);
  }

  #begin(): void {
    this.#journal.clear();
    this.#journal.setTempo(0, this.#transport.tempo);
    this.#transport.locate(0);
    this.#pace.beginPiece();
    this.#retakes.begin();
  }

  #receive(composed: ComposedNotes): void {
    const before = this.#plan.composedUntil;
    this.#plan.add(this.#retakes.valid(composed));
    const steps = this.#plan.composedUntil - before;
    const playing = this.#phase === "playing";
    this.#pace.add(composed.tokens, steps, composed.milliseconds, playing);
  }

  /** What is not composed yet keeps to another density. */
  #changeDensity(now: Seconds): void {
    this.#retakes.goOn(this.#horizon.commitStep(now));
    if (this.#density.thins) this.addRemark(THINNED);
    else this.dropRemark(THINNED);
  }

  #startPlaying(now: Seconds): void {
    if (this.#journal.notes.length === 0) {
      // No wait before the first note: begin at its beat.
      const first = this.#plan.notes[0]?.onset ?? 0;
      const { start } = this.#metres.beatAt(first);
      this.#transport.locate(Math.max(this.#transport.stepAt(now), start));
    }
    // After a wait for music, what was handed over may still be on its way.
    this.#transport.start(seconds(Math.max(now + START_DELAY, this.#scheduler.handedUntil)));
    this.#enter("playing");
  }

  /** All that lay ahead is used up: time stands still, without cutting what sounds, until there is more. */
  #starve(now: Seconds): void {
    this.#scheduler.hold(now);
    this.#enter("gathering", { message: this.#telemetry.message });
  }

  #halt(): void {
    if (this.#phase !== "playing" && this.#phase !== "gathering") return;
    const now = this.#parts.clock();
    this.#scheduler.stop(now);
    this.#journal.cut(this.#transport.stepAt(now));
  }

  #setTempo(tempo: number): void {
    const at = seconds(Math.max(this.#parts.clock(), this.#scheduler.handedUntil));
    this.#journal.setTempo(Math.max(0, this.#transport.stepAt(at)), tempo);
    this.#transport.setTempo(tempo, at);
  }

  #enter(phase: Phase, telemetry: Partial<Telemetry> = {}): void {
    this.#phase = phase;
    this.#show({ message: undefined, ...telemetry });
  }

  #show(change: Partial<Telemetry>): void {
    this.#telemetry = { ...this.#telemetry, ...change };
    this.#publish();
  }

  #publish(): void {
    this.#state = this.#snapshot();
    this.changed.emit(this.#state);
  }

  #snapshot(): SessionState {
    return { phase: this.#phase, ...this.#performance, ...this.#telemetry };
  }
}
