/**
 * One piece as it is played: what is planned of it, where its playhead stands, what was heard of it, and the metres and
 * tempos it has. They stand together because they only ever move together. Owns no clock.
 */
import { type Seconds, seconds } from "#base/brand.ts";
import { Journal } from "#engine/journal/journal.ts";
import type { HeardPiece } from "#engine/journal/shared-piece.ts";
import { Metronome } from "#engine/play/metronome.ts";
import { Plan } from "#engine/play/plan.ts";
import type { Player } from "#engine/play/player.ts";
import { Scheduler } from "#engine/play/scheduler.ts";
import { Transport } from "#engine/play/transport.ts";
import { type Groove, STRAIGHT, sameGroove, unswung } from "#music/groove.ts";
import type { GrooveMap } from "#music/groove-map.ts";
import { type Metre, MetreMap } from "#music/metre.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { Hand, keyOf, type StruckKey } from "./hand.ts";
import { Horizon } from "./horizon.ts";
import type { SessionParts } from "./session-parts.ts";
import type { MovablePlace } from "./tempo-following.ts";

/** Seconds between the press of Play and the first note, once enough lies ahead. */
const START_DELAY = 0.08;

/** Seconds that the last notes ring out after a piece's end. */
const RINGING = 1.5;

/** Seconds that a key may be held. */
const LONGEST_HELD = seconds(20);

/** What it is heard through. */
type Sounding = Pick<SessionParts, "player" | "clicks">;

/** See the header. Not disposed: player and clicks. */
export class Rendition implements MovablePlace {
  /** When music begins that may begin from `earliest` on: at once, unless it goes along with somebody. */
  beginsAt = (earliest: Seconds, _step: number): Seconds => earliest;
  readonly plan = new Plan();
  /** What a human plays along. */
  readonly hand = new Hand();
  readonly metronome: Metronome;
  readonly #player: Player;
  /** Of the hand, as the plan has them, by instrument and pitch. */
  readonly #heldNotes = new Map<number, Note>();
  readonly #journal = new Journal();
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  readonly #horizon: Horizon;
  #metres: MetreMap;
  #groove = STRAIGHT;
  /** It waits for music: nothing is counted in. */
  #waits = false;

  /** @param tempo quarter notes a minute */
  constructor({ player, clicks }: Sounding, tempo: number, metre: Metre) {
    this.#player = player;
    this.metronome = new Metronome(clicks);
    this.#transport = new Transport(tempo);
    this.#scheduler = new Scheduler(
      this.plan,
      this.#transport,
      player,
      (note) => this.#journal.add(note),
      (note) => this.#journal.grooves.played(note, this.#metres),
      (note) => this.#journal.leaveOut(note),
    );
    this.#metres = MetreMap.of(metre);
    const parts = { plan: this.plan, transport: this.#transport, scheduler: this.#scheduler };
    this.#horizon = new Horizon(parts, () => this.#metres);
  }

  /** The metres of what was played and of what is planned. */
  get metres(): MetreMap {
    return this.#metres;
  }

  /** How it was played, and how what comes is. */
  get grooves(): GrooveMap {
    return this.#journal.grooves;
  }

  get playing(): boolean {
    return this.#transport.playing;
  }

  /** Whether a note was heard. */
  get heard(): boolean {
    return this.#journal.notes.length > 0;
  }

  /** Quarter notes a minute, where the last change of it holds. */
  get tempo(): number {
    return this.#transport.tempo;
  }

  /** At the tempo now. */
  get secondsPerStep(): number {
    return this.#horizon.secondsPerStep;
  }

  /** What was heard, with its metres and tempos. */
  get music(): Prime {
    return this.#journal.music;
  }

  /** What was heard, as a Standard MIDI File. */
  toMidi(title: string): Uint8Array {
    return this.#journal.toMidi(title);
  }

  /** The (fractional) step at an audio time. */
  stepAt(now: Seconds): number {
    return this.#transport.stepAt(now);
  }

  /** The audio time of a step. Only while playing. */
  timeOf(step: number): Seconds {
    return this.#transport.timeOf(step);
  }

  /** Seconds of music composed ahead of the playhead; negative where the playhead has passed its end. */
  ahead(now: Seconds): number {
    return this.#horizon.ahead(now);
  }

  /** How far ahead music is settled, in beats. */
  set horizon(beats: number) {
    this.#horizon.beats = beats;
  }

  /** What lies before this step is not taken back. */
  commitStep(now: Seconds): number {
    return this.#horizon.commitStep(now);
  }

  /** Where things stand, in steps, for the eye. */
  timelineAt(now: Seconds) {
    const committedStep = this.commitStep(now);
    return { step: this.stepAt(now), committedStep, plannedStep: this.plan.composedUntil };
  }

  /** The first bar line at `step` or later. */
  nextBar(step: number): number {
    return this.#metres.barLineFrom(Math.ceil(step));
  }

  /** The piece has ended, and its last notes have rung out. */
  isOver(now: Seconds): boolean {
    const over = this.stepAt(now) - this.plan.composedUntil;
    return this.plan.isWhole && over * this.secondsPerStep >= RINGING;
  }

  /** Music stops with the first bar line that is not handed over; asked once more, it plays on. Only while playing. */
  stopAtBar(): void {
    const next = this.nextBar(this.stepAt(this.#scheduler.handedUntil));
    this.#scheduler.end = this.stops ? Number.POSITIVE_INFINITY : next;
  }

  /** Whether it stops with a bar line. */
  get stops(): boolean {
    return this.#scheduler.end < Number.POSITIVE_INFINITY;
  }

  /** It has ended, or has come to where it is to stop. */
  hasToStop(now: Seconds): boolean {
    return this.isOver(now) || this.stepAt(now) >= this.#scheduler.end;
  }

  /** What was heard, in the order it was handed out, and the tempos so far; live views. */
  get heardSoFar(): Omit<HeardPiece, "performance"> {
    const { notes, tempos, grooves, cuts, leftOut } = this.#journal;
    const time = { tempos, metres: this.#metres.points, grooves: grooves.points };
    return { notes, ...time, played: () => this.#journal.played(), cuts, leftOut };
  }

  /** Another piece begins, or one that was heard up to its last note goes on. Only while stopped. */
  begin(heard?: Prime): void {
    // A human's note is handed out once it is over.
    const step = Math.max(0, ...(heard?.notes.slice(-64) ?? []).map(({ onset }) => onset));
    this.#horizon.begin();
    this.#journal.clear();
    this.hand.clear();
    this.#heldNotes.clear();
    if (heard !== undefined) {
      this.#journal.restore(heard);
      this.#metres = new MetreMap(heard.metres);
    }
    this.#journal.setTempo(step, this.#transport.tempo);
    this.#journal.setGroove(step, this.#groove);
    this.#transport.locate(step);
  }

  /** The metre that is set holds from the first bar at `step` or later; gives all metres then. */
  setMetre(step: number, metre: Metre): MetreMap {
    this.#metres = this.#metres.changedFrom(step, metre);
    this.#journal.setMetres(this.#metres);
    return this.#metres;
  }

  /** How notes are played, from the next one on that is not handed over, or from a step on beyond it. */
  setGroove(groove: Groove, now: Seconds, step?: number): void {
    if (sameGroove(groove, this.#groove)) return;
    this.#groove = groove;
    const at = seconds(Math.max(now, this.#scheduler.handedUntil));
    this.#journal.setGroove(Math.max(step ?? 0, this.#transport.stepAt(at)), groove);
  }

  /** The tempo changes at the next note not handed over. @param tempo quarter notes a minute */
  setTempo(tempo: number, now: Seconds): void {
    const at = seconds(Math.max(now, this.#scheduler.handedUntil));
    this.#journal.setTempo(Math.max(0, this.#transport.stepAt(at)), tempo);
    this.#transport.setTempo(tempo, at);
  }

  /** The tempo changes at a step, or where notes are not handed over. Only while playing. @param tempo quarter notes a minute */
  setTempoFrom(step: number, tempo: number): void {
    const due = this.timeOf(step);
    if (due < this.#scheduler.handedUntil) {
      this.setTempo(tempo, due);
      return;
    }
    this.#journal.setTempo(step, tempo);
    this.#transport.setTempo(tempo, due);
  }

  /** Time goes on, in a moment or once it is counted in; the first note is not waited for. */
  start(now: Seconds): void {
    if (!this.heard) {
      const first = this.plan.notes[0]?.onset ?? 0;
      const { start } = this.#metres.beatAt(first);
      this.#transport.locate(Math.max(this.#transport.stepAt(now), start));
    }
    // After a wait for music, what was handed over may still be on its way.
    const earliest = seconds(Math.max(now + START_DELAY, this.#scheduler.handedUntil));
    const step = this.#transport.stepAt(now);
    const counted = this.#waits ? 0 : this.metronome.stepsBefore(step, this.#metres);
    const begins = this.beginsAt(seconds(earliest + counted * this.secondsPerStep), step);
    this.#transport.start(begins);
    if (counted > 0) this.metronome.countIn(step, begins, this.secondsPerStep, this.#metres);
    this.metronome.begin(step);
    this.#waits = false;
  }

  /** A human strikes a key: it sounds at once, and while time goes on, not only counted in, it is part of the piece. True where it is. */
  press(key: StruckKey, now: Seconds): boolean {
    this.release(key, now);
    this.#player.play({ ...key, start: now, length: LONGEST_HELD, byHand: true });
    const counted = this.playing && this.timeOf(this.stepAt(now)) > now + this.secondsPerStep;
    if (!this.playing || counted) return false;
    const note = this.hand.press(key, this.#writtenStep(now));
    this.#heldNotes.set(keyOf(note), note);
    this.plan.addHeard(note);
    return true;
  }

  /** The key comes up. */
  release({ instrument, pitch }: Omit<StruckKey, "velocity">, now: Seconds): void {
    this.#player.release(instrument, pitch);
    this.#keep(this.hand.release({ instrument, pitch }, this.#writtenStep(now)));
  }

  /** Hands the player what sounds soon. Call often while playing. */
  advance(now: Seconds): void {
    this.#scheduler.advance(now);
    const end = this.plan.isWhole ? this.plan.composedUntil : Number.POSITIVE_INFINITY;
    this.metronome.advance(now, this, this.#metres, Math.min(end, this.#scheduler.end));
  }

  /** Time stands still at what was handed over; what sounds rings on. */
  hold(now: Seconds): void {
    this.#scheduler.hold(now);
    this.#waits = true;
  }

  /** Ends the sound at once; what it cut off was heard up to here, or to the bar line at which it was to stop. */
  stop(now: Seconds): void {
    for (const note of this.hand.releaseAll(this.#writtenStep(now))) this.#keep(note);
    this.#scheduler.stop(now);
    this.metronome.stop();
    this.#waits = false;
    this.#journal.cut(this.#transport.stepAt(now));
  }

  /** Where a human who swings along means a note to stand. */
  #writtenStep(now: Seconds): number {
    const step = this.stepAt(now);
    return unswung(step, this.#journal.grooves.at(step), this.#metres);
  }

  /** A note of the hand is over: the plan shows it so, and the journal has it. */
  #keep(note: Note | undefined): void {
    if (note === undefined) return;
    const key = keyOf(note);
    const shown = this.#heldNotes.get(key);
    this.#heldNotes.delete(key);
    if (shown !== undefined) this.plan.replaceHeard(shown, note);
    this.#journal.addPlayed(note);
  }
}
