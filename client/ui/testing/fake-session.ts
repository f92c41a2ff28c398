/** A session without engine or sound: tests set its state and read the calls made on it. */
import { Emitter } from "#base/emitter.ts";
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import type { Keys } from "#engine/jam/hand.ts";
import type { Leading } from "#engine/jam/leading.ts";
import {
  type Controls,
  firstPerformance,
  type Performance,
  type Strip,
} from "#engine/jam/performance.ts";
import type { SessionState } from "#engine/jam/session-state.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { barsOfText, type PlayerChart } from "#music/chart/player-chart.ts";
import { GrooveMap } from "#music/groove-map.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { COMMON_TIME, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import type { SessionLike, Timeline } from "../surface-model.ts";

/** A call of one of the session's methods. */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** A session that can play and stands at its beginning. */
export const READY: SessionState = {
  phase: "ready",
  canUndo: false,
  canRedo: false,
  comingStep: undefined,
  comingCourse: undefined,
  leftBars: undefined,
  ending: false,
  stops: false,
  records: false,
  keeps: false,
  futures: undefined,
  message: undefined,
  remarks: [],
  loading: undefined,
  model: { id: "cadenza-jam", parameters: 12_400_000, reasons: [] },
  backend: "webgpu",
  rate: 214,
  realTimeFactor: 1.8,
  ahead: 4.1,
  aheadWanted: 4,
  escapes: 0,
  surprise: undefined,
  ...firstPerformance({
    ...usualValues(JAM_CONTROLS),
    ...USUAL_CHOICES,
    tempo: 112,
    metre: COMMON_TIME,
    lead: 3,
    drums: true,
    temperature: 0.92,
    topP: 0.98,
    seed: 7,
    key: undefined,
  }),
};

/** See the file's head. Changes of controls and strips take effect as the real session's do. */
export class FakeSession implements SessionLike {
  state: SessionState;
  readonly changed = new Emitter<SessionState>();
  readonly calls: Call[] = [];
  notes: Note[] = [];
  metres = new MetreMap();
  grooves = new GrooveMap();
  place: Timeline = { step: 0, committedStep: 0, plannedStep: 0 };
  levels: number[] = new Array(INSTRUMENTS.length).fill(0);
  /** What `play` rejects with, where set. */
  refusal: Error | undefined;

  constructor(change: Partial<SessionState> = {}) {
    this.state = { ...READY, ...change };
  }

  /** Changes the state and tells the listeners. */
  set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    this.changed.emit(this.state);
  }

  /** Calls of one method, their arguments alone. */
  argsOf(method: string): readonly (readonly unknown[])[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.args);
  }

  async play(): Promise<void> {
    this.#log("play");
    if (this.refusal !== undefined) throw this.refusal;
    this.set({ phase: "playing" });
  }

  stop(): void {
    this.#log("stop");
    this.set({ phase: "ready" });
  }

  readonly keys: Keys = {
    press: (key) => this.#log("press", key),
    release: ({ instrument, pitch }) => this.#log("release", { instrument, pitch }),
  };

  /** All of it can be done. */
  readonly leading: Leading = {
    stopAtBar: () => this.#log("stopAtBar"),
    another: () => this.#log("another"),
    repeat: (bars) => this.#logged("repeat", bars),
    letGo: () => this.#log("letGo"),
    goBack: (bar) => this.#logged("goBack", bar),
    freeze: (instrument) => this.#logged("freeze", instrument),
    record: (bars) => this.#logged("record", bars),
    foresee: () => this.#logged("foresee"),
    pick: (index) => this.#logged("pick", index),
    forget: () => this.#log("forget"),
    drop: (layer) => this.#log("drop", layer),
    mark: () => this.#log("mark"),
    keep: (bars) => this.#logged("keep", bars),
    recall: (...what) => this.#logged("recall", ...what),
  };

  /** What is written lies on the piece from its beginning on. */
  readonly charting = {
    ordered: new OrderedChart({ arranged: { seed: 7, lead: 3, drums: true } }),
    write: (change: (before: PlayerChart) => PlayerChart): void => {
      const chart = change(this.state.chart);
      this.#log("write", chart);
      const key = { tonic: 0, scale: "major" };
      const loop = barsOfText(chart, key, undefined);
      this.charting.ordered = new OrderedChart({
        arranged: { seed: 7, lead: 3, drums: true },
        laid: [{ bar: 0, at: 0, loop, drawn: chart.drawn }],
      });
      this.set({ chart });
    },
  };

  end(): void {
    this.#log("end");
    this.set({ ending: true });
  }

  goOn(): void {
    this.#log("goOn");
  }

  startOver(): void {
    this.#log("startOver");
  }

  tapTempo(): void {
    this.#log("tapTempo");
  }

  setControls(change: Partial<Controls>): void {
    this.#log("setControls", change);
    this.set({ controls: { ...this.state.controls, ...change } });
  }

  setStrip(instrument: Instrument, change: Partial<Strip>): void {
    this.#log("setStrip", instrument, change);
    this.set({
      strips: this.state.strips.map((strip) =>
        strip.instrument === instrument ? { ...strip, ...change } : strip,
      ),
    });
  }

  bringBack(performance: Performance): void {
    this.#log("bringBack", performance);
    this.set(performance);
  }

  undo(): void {
    this.#log("undo");
  }

  redo(): void {
    this.#log("redo");
  }

  get performance(): Performance {
    const { controls, strips, chart, course } = this.state;
    return { controls, strips, chart, course };
  }

  timeline(): Timeline {
    return this.place;
  }

  level(instrument: Instrument): number {
    return this.levels[instrument];
  }

  takeAsMidi(): Uint8Array {
    this.#log("takeAsMidi");
    return new Uint8Array([0x4d, 0x54, 0x68, 0x64]);
  }

  #logged(method: string, ...args: unknown[]): boolean {
    this.#log(method, ...args);
    return true;
  }

  #log(method: string, ...args: unknown[]): void {
    this.calls.push({ method, args });
  }
}
