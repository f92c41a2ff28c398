/**
 * One jam: joins the composer, the plan, the scheduler and what the player sets into one observable
 * state. Owns no clock and no timer: `tick` is called from outside, often, with the audio time.
 *
 * Music is composed ahead of the playhead, 4 s where the machine keeps up. Where it does not, the band is held
 * to what can be composed in time (density-governor.ts).
 */
import { type Seconds, seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import { threefryWord } from "#base/random.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import { Journal } from "#engine/journal/journal.ts";
import { Plan } from "#engine/play/plan.ts";
import type { Player } from "#engine/play/player.ts";
import { LOOKAHEAD, Scheduler } from "#engine/play/scheduler.ts";
import { TapTempo } from "#engine/play/tap-tempo.ts";
import { Transport } from "#engine/play/transport.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { STEPS_PER_QUARTER, secondsPerStep } from "#music/units.ts";
import {
  changedControls,
  composesOtherwise,
  compositionSettings,
  defaultStrips,
  stripsFor,
} from "./controls.ts";
import { DensityGovernor } from "./density-governor.ts";
import { Pace } from "./pace.ts";
import { Revisions } from "./revisions.ts";
import type { Controls, ModelName, SessionState, Strip } from "./session-state.ts";

/** Seconds between the press of Play and the first note, once enough lies ahead. */
const START_DELAY = 0.08;

/** The least and the most of the commit horizon (one beat), in seconds. */
const COMMIT_RANGE = { least: 0.25, most: 4 } as const;

/** Seconds between two retakes while a control is being moved. */
const RETAKE_INTERVAL = 0.15;

/** Said while the machine allows less than a full band. */
const SPARSE =
  "This machine composes slowly, so the band plays fewer notes than it would; a lower tempo lets it play more.";

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
  readonly #parts: SessionParts;
  readonly #plan = new Plan();
  readonly #journal = new Journal();
  readonly #pace = new Pace();
  readonly #density = new DensityGovernor(this.#pace);
  readonly #taps = new TapTempo();
  readonly #revisions = new Revisions();
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  #state: SessionState;
  #metres: MetreMap;
  #retakeDue = false;
  /** Step at which the newest change of a control is heard, where that is far ahead; else 0. */
  #changeHeardAt = 0;
  #retakenAt = Number.NEGATIVE_INFINITY;
  #figuresAt = Number.NEGATIVE_INFINITY;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#transport = new Transport(parts.controls.tempo);
    this.#metres = MetreMap.of(parts.controls.metre);
    const journal = this.#journal;
    this.#scheduler = new Scheduler(this.#plan, this.#transport, parts.player, (note) =>
      journal.add(note),
    );
    this.#state = {
      phase: "loading",
      message: "",
      remarks: [],
      loading: undefined,
      model: undefined,
      backend: undefined,
      rate: 0,
      realTimeFactor: 0,
      ahead: 0,
      aheadWanted: 0,
      controls: parts.controls,
      strips: defaultStrips(parts.controls),
    };
    parts.source.composed.on((composed) => this.#receive(composed));
    parts.source.failed.on((error) => this.fail(error.message));
  }

  get state(): SessionState {
    return this.#state;
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
    this.#change({ loading: { loadedBytes, totalBytes } });
  }

  /** The model is there: a piece begins to be composed, and Play works. */
  modelLoaded(model: ModelName, backend: string): void {
    this.#change({ phase: "ready", loading: undefined, model, backend, message: "" });
    this.#begin();
  }

  /** Something else composes on, after its device was lost; `remark` tells the person. */
  modelMoved(backend: string, remark: string): void {
    this.#change({ backend });
    this.addRemark(remark);
  }

  /** Adds a lasting remark for the person: what is missing and what is done instead. */
  addRemark(sentence: string): void {
    if (!this.#state.remarks.includes(sentence)) {
      this.#change({ remarks: [...this.#state.remarks, sentence] });
    }
  }

  /** Takes a remark back that no longer holds. */
  dropRemark(sentence: string): void {
    const remarks = this.#state.remarks.filter((known) => known !== sentence);
    if (remarks.length < this.#state.remarks.length) this.#change({ remarks });
  }

  /** Something outside broke. What sounds ends; the sentence says what to do. */
  fail(sentence: string): void {
    this.#halt();
    this.#change({ phase: "failed", message: sentence, loading: undefined });
  }

  /** Starts to play, or to gather music ahead. Call inside the user's gesture. */
  async play(): Promise<void> {
    if (this.#state.phase !== "ready") return;
    await this.#parts.unlock();
    if (this.#state.phase !== "ready") return;
    this.#change({ phase: "gathering", message: "" });
    this.tick(this.#parts.clock());
  }

  /** Ends all sound at once; Play goes on from here. */
  stop(): void {
    if (this.#state.phase !== "playing" && this.#state.phase !== "gathering") return;
    this.#halt();
    this.#change({ phase: "ready", message: "" });
  }

  /** Throws the piece away and begins another with a new seed. Plays on if it was playing. */
  startOver(): void {
    if (this.#state.phase === "loading" || this.#state.phase === "failed") return;
    const playing = this.#state.phase !== "ready";
    this.#halt();
    const seed = threefryWord(this.#state.controls.seed, 0, 1, 0);
    this.#change({
      phase: playing ? "gathering" : "ready",
      controls: { ...this.#state.controls, seed: seed & 0xffff },
    });
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
    const before = this.#state.controls;
    const controls = changedControls(before, change);
    if (controls.tempo !== before.tempo) this.#setTempo(controls.tempo);
    this.#change({ controls, strips: stripsFor(this.#state.strips, controls) });
    this.#retakeDue ||= composesOtherwise(before, controls);
  }

  /** Changes one strip; the lead cannot be disabled, the drums follow the drums control. */
  setStrip(instrument: Instrument, change: Partial<Strip>): void {
    const before = this.#state.strips[instrument];
    const strip = { ...before, ...change, instrument };
    if (instrument === this.#state.controls.lead) strip.enabled = true;
    const strips = this.#state.strips.with(instrument, strip);
    this.#change({ strips });
    if (strip.enabled === before.enabled) return;
    if (instrument === DRUMS) this.setControls({ drums: strip.enabled });
    else this.#retakeDue = true;
  }

  /** Where things stand now, in steps, for the eye. */
  timeline(): { step: number; committedStep: number; plannedStep: number } {
    const now = this.#parts.clock();
    return {
      step: this.#transport.stepAt(now),
      committedStep: this.#commitStep(now),
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
    return journal.toMidi(`Cadenza, seed ${this.#state.controls.seed}`);
  }

  /** Moves everything on to the audio time `now`. Call every 25 to 50 ms, playing or not. */
  tick(now: Seconds): void {
    const { phase } = this.#state;
    if (phase === "loading" || phase === "failed") return;
    const steady = this.#parts.steadyClock();
    if (this.#retakeDue && steady - this.#retakenAt >= RETAKE_INTERVAL) {
      this.#retakenAt = steady;
      this.#retake(now);
    }
    if (this.#density.update(steady, this.#secondsPerStep)) this.#changeDensity(now);
    const wanted = this.#pace.aheadWanted(this.#secondsPerStep);
    const target = this.#pace.aheadTarget(this.#secondsPerStep);
    const step = this.#transport.stepAt(now);
    this.#parts.source.composeUntil(Math.ceil(step + target / this.#secondsPerStep));
    if (phase === "gathering" && this.#ahead(now) >= wanted) this.#startPlaying(now);
    else if (phase === "playing" && this.#ahead(now) < LOOKAHEAD) this.#starve(now);
    this.#scheduler.advance(now);
    if (steady - this.#figuresAt < FIGURES_INTERVAL) return;
    this.#figuresAt = steady;
    this.#change({
      rate: this.#pace.tokensPerSecond,
      realTimeFactor: this.#pace.realTimeFactor(this.#secondsPerStep),
      ahead: Math.max(0, this.#ahead(now)),
      aheadWanted: wanted,
      message: this.#message(now, wanted),
    });
  }

  get #settings(): CompositionSettings {
    const { controls, strips } = this.#state;
    return compositionSettings(controls, strips, this.#metres, this.#density.limit);
  }

  get #secondsPerStep(): number {
    return secondsPerStep(this.#transport.tempo);
  }

  #ahead(now: Seconds): number {
    return (this.#plan.composedUntil - this.#transport.stepAt(now)) * this.#secondsPerStep;
  }

  /** What lies before this step is not taken back: a beat ahead, and all that was handed over. */
  #commitStep(now: Seconds): number {
    const step = this.#transport.stepAt(now);
    if (!this.#transport.playing) return step;
    const beat = clamp(
      STEPS_PER_QUARTER * this.#secondsPerStep,
      COMMIT_RANGE.least,
      COMMIT_RANGE.most,
    );
    const horizon = Math.max(now + beat, this.#scheduler.handedUntil);
    return this.#transport.stepAt(seconds(horizon));
  }

  #begin(): void {
    this.#plan.clear();
    this.#journal.clear();
    this.#journal.setTempo(0, this.#transport.tempo);
    this.#setMetre(0);
    this.#transport.locate(0);
    this.#retakeDue = false;
    this.#changeHeardAt = 0;
    this.#pace.beginPiece();
    this.#revisions.begin(this.#parts.source.begin(this.#settings));
    this.#parts.source.composeUntil(1);
  }

  #receive(composed: ComposedNotes): void {
    const before = this.#plan.composedUntil;
    this.#plan.add(this.#revisions.valid(composed));
    const steps = this.#plan.composedUntil - before;
    const playing = this.#state.phase === "playing";
    this.#pace.add(composed.tokens, steps, composed.milliseconds, playing);
  }

  #retake(now: Seconds): void {
    this.#retakeDue = false;
    // A slow machine keeps what it has while it plays: taking it back would stop the music.
    const keeps = this.#pace.isSlow(this.#secondsPerStep) && this.#transport.playing;
    const from = keeps ? this.#plannedStep(now) : this.#commitStep(now);
    this.#changeHeardAt = keeps ? from : 0;
    this.#retakeFrom(from);
  }

  #retakeFrom(step: number): void {
    const from = Math.ceil(step);
    this.#setMetre(from);
    this.#plan.dropFrom(from);
    this.#revisions.retake(this.#parts.source.retake(from, this.#settings), from);
  }

  /** Where what is planned ends. */
  #plannedStep(now: Seconds): number {
    return Math.max(this.#plan.composedUntil, this.#commitStep(now));
  }

  /** What is not composed yet keeps to another density. */
  #changeDensity(now: Seconds): void {
    this.#retakeFrom(this.#plannedStep(now));
    if (this.#density.thins) this.addRemark(SPARSE);
    else this.dropRemark(SPARSE);
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
    this.#change({ phase: "playing", message: "" });
  }

  /** All that lay ahead is used up: time stands still, without cutting what sounds, until there is more. */
  #starve(now: Seconds): void {
    this.#scheduler.hold(now);
    this.#change({ phase: "gathering" });
  }

  #halt(): void {
    const { phase } = this.#state;
    if (phase !== "playing" && phase !== "gathering") return;
    const now = this.#parts.clock();
    this.#scheduler.stop(now);
    this.#journal.cut(this.#transport.stepAt(now));
  }

  #setTempo(tempo: number): void {
    const at = seconds(Math.max(this.#parts.clock(), this.#scheduler.handedUntil));
    this.#journal.setTempo(Math.max(0, this.#transport.stepAt(at)), tempo);
    this.#transport.setTempo(tempo, at);
  }

  /** The metre that is set holds from the first bar at `step` or later. */
  #setMetre(step: number): void {
    this.#metres = this.#metres.changedFrom(step, this.#state.controls.metre);
    this.#journal.setMetres(this.#metres);
  }

  #message(now: Seconds, wanted: number): string {
    const { phase } = this.#state;
    if (phase === "gathering") return this.#gatheringMessage(now, wanted);
    const wait = (this.#changeHeardAt - this.#transport.stepAt(now)) * this.#secondsPerStep;
    if (phase !== "playing" || wait <= 0) return "";
    return `This machine composes slowly and keeps what it has: the change is heard in ${wait.toFixed(0)} s.`;
  }

  #gatheringMessage(now: Seconds, wanted: number): string {
    const ahead = Math.max(0, this.#ahead(now));
    const factor = this.#pace.realTimeFactor(this.#secondsPerStep);
    if (!this.#pace.isSlow(this.#secondsPerStep)) return "Composing the first bars.";
    return (
      `This machine composes ${factor.toFixed(1)} s of music a second; ` +
      `${wanted.toFixed(0)} s are gathered first so that the music does not stop: ${ahead.toFixed(0)} s so far.`
    );
  }

  #change(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed.emit(this.#state);
  }
}

const clamp = (value: number, lowest: number, highest: number): number =>
  Math.min(highest, Math.max(lowest, value));
