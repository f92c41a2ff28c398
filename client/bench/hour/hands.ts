/**
 * Hands that move at random: dials, lists, who plays what, chords, sections, phrases on the keys, undo, and what gestures.ts has. The
 * same seed, the same moves.
 */
import type { Seconds } from "#base/brand.ts";
import { Random } from "#base/random.ts";
import { CHOICE_NAMES, CHOICES, PITCH_PARTS, VELOCITY_PARTS } from "#engine/compose/choices.ts";
import { CONTROLS, JAM_CONTROLS } from "#engine/compose/controls.ts";
import type { Session } from "#engine/jam/session.ts";
import { withCue, withDrawn, withText } from "#music/chart/player-chart.ts";
import { instrumentByName, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { SCALES } from "#music/key.ts";
import { OFFERED_METRES } from "#music/metre.ts";
import { GESTURES, type Gesture, Gestures } from "./gestures.ts";

/** Seconds from one move to the next, at most. */
const PAUSE = 8;

const PROGRESSIONS = ["", "Am F C G", "ii V I", "[verse] C Am [chorus] F/G C", "Dm G7 C % x2"];

/** Tempos that hands choose: what a band plays at. */
const TEMPOS = { lowest: 70, highest: 160 } as const;

/** What is done, and how often beside the rest. */
const MOVES = {
  ...{ dial: 6, list: 3, lead: 1, drums: 1, key: 2, metre: 1, player: 2, part: 2 },
  ...{ progression: 1, drawing: 2, section: 1, phrase: 4, undo: 2, redo: 1 },
  ...GESTURES,
} as const;
type Move = keyof typeof MOVES;

const WEIGHTED = (Object.keys(MOVES) as Move[]).flatMap((move) =>
  new Array<Move>(MOVES[move]).fill(move),
);

/** A key of a phrase: when it goes down and comes up. */
interface Stroke {
  readonly at: number;
  readonly until: number;
  readonly pitch: number;
}

/** See the header. */
export class Hands {
  /** Moves made. */
  moves = 0;
  readonly #session: Session;
  readonly #random: Random;
  readonly #gestures: Gestures;
  #next = 0;
  #strokes: readonly Stroke[] = [];
  #down: readonly Stroke[] = [];

  constructor(session: Session, seed: number) {
    this.#session = session;
    this.#random = new Random(seed);
    this.#gestures = new Gestures(session, this.#random);
  }

  /** Moves on to the audio time `now`. */
  tick(now: Seconds): void {
    this.#play(now);
    if (now < this.#next) return;
    this.#next = now + this.#random.next() * PAUSE;
    this.moves++;
    this.#move(this.#one(WEIGHTED), now);
  }

  #move(move: Move, now: Seconds): void {
    const session = this.#session;
    const { controls, strips } = session.state;
    switch (move) {
      case "dial": {
        const name = this.#one(JAM_CONTROLS.filter((each) => each !== "seed"));
        const { lowest, highest } = name === "tempo" ? TEMPOS : CONTROLS[name];
        session.setControls({ [name]: lowest + this.#random.next() * (highest - lowest) });
        return;
      }
      case "list": {
        const name = this.#one(CHOICE_NAMES);
        session.setControls({ [name]: this.#one(Object.keys(CHOICES[name].options)) });
        return;
      }
      case "lead":
        session.setControls({ lead: this.#one(LEAD_INSTRUMENTS) });
        return;
      case "drums":
        session.setControls({ drums: !controls.drums });
        return;
      case "key": {
        const key = { tonic: this.#random.integer(12), scale: this.#one(Object.keys(SCALES)) };
        session.setControls({ key: this.#random.integer(3) === 0 ? undefined : key });
        return;
      }
      case "metre":
        session.setControls({ metre: this.#one(OFFERED_METRES) });
        return;
      case "player": {
        const { instrument, enabled } = this.#one(strips);
        session.setStrip(instrument, { enabled: !enabled });
        return;
      }
      case "part":
        session.setStrip(this.#one(strips).instrument, {
          pitches: this.#one(Object.keys(PITCH_PARTS) as (keyof typeof PITCH_PARTS)[]),
          velocities: this.#one(Object.keys(VELOCITY_PARTS) as (keyof typeof VELOCITY_PARTS)[]),
        });
        return;
      case "progression": {
        const text = this.#one(PROGRESSIONS);
        session.charting.write((chart) => withText(chart, text, controls.key));
        return;
      }
      case "drawing": {
        const bar = { density: 1 + this.#random.integer(7), energy: this.#random.integer(8) };
        const at = this.#random.integer(8);
        session.charting.write((chart) => withDrawn(chart, [{ section: "verse", at }], bar));
        return;
      }
      case "section": {
        const on = this.#one(["bar", "phrase"] as const);
        session.charting.write((chart) => withCue(chart, { section: "chorus", on }));
        return;
      }
      case "phrase":
        this.#strokes = this.#phrase(now);
        return;
      case "undo":
        session.undo();
        return;
      case "redo":
        session.redo();
        return;
      default:
        this.#gestures.make(move satisfies Gesture);
    }
  }

  /** Four to eleven notes, one after the other. */
  #phrase(now: Seconds): readonly Stroke[] {
    const length = 0.15 + 0.35 * this.#random.next();
    const pitch = 55 + this.#random.integer(20);
    return Array.from({ length: 4 + this.#random.integer(8) }, (_, index) => {
      const at = now + index * length;
      return { at, until: at + 0.8 * length, pitch: pitch + this.#random.integer(9) };
    });
  }

  /** Keys of the phrase go down and come up. */
  #play(now: Seconds): void {
    const instrument = instrumentByName(this.#session.state.controls.hand);
    if (instrument === undefined) return;
    const { keys } = this.#session;
    for (const { pitch, until } of this.#down)
      if (until <= now) keys.release({ instrument, pitch });
    const struck = this.#strokes.filter(({ at }) => at <= now);
    for (const { pitch } of struck) keys.press({ instrument, pitch, velocity: 90 });
    this.#strokes = this.#strokes.filter(({ at }) => at > now);
    this.#down = [...this.#down.filter(({ until }) => until > now), ...struck];
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#random.integer(of.length)];
  }
}
