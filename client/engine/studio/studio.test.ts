import { describe, expect, it } from "vitest";
import { sentence } from "#base/remark.ts";
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import { composePiece } from "#engine/compose/compose-piece.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { parseChart, writeChart } from "#music/chart/chart-file.ts";
import { laidOn } from "#music/chart/laid-chart.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { type PieceSource, Studio } from "./studio.ts";

const REQUEST: ComposeRequest = {
  lead: 3,
  drums: false,
  bars: 2,
  tracks: 2,
  temperature: 1,
  topP: 1,
  seed: 5,
  tempo: 120,
};

class FakePieces implements PieceSource {
  #abort = new AbortController();
  fault: Error | undefined;

  async composePiece(request: ComposeRequest, n: number, onProgress: (share: number) => void) {
    if (this.fault !== undefined) throw this.fault;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const piece = await composePiece(new FakeDecoder(), request, n, onProgress, signal);
    return { ...piece, chart: writeChart(piece.chart) };
  }

  cancelPiece(): void {
    this.#abort.abort();
  }

  disposed = 0;

  dispose(): void {
    this.disposed++;
  }
}

function build() {
  const pieces = new FakePieces();
  const listened: string[] = [];
  const studio = new Studio({
    source: async () => pieces,
    listen: (track) => {
      listened.push(track.name);
      return { stop: () => listened.push("stopped"), step: () => 12 };
    },
    render: async (midi) => new Blob([midi.slice()]),
  });
  const idle = () =>
    new Promise<void>((resolve) => studio.changed.on((state) => !state.busy && resolve()));
  return { studio, pieces, listened, idle };
}

describe("Studio", () => {
  it("throws one track away, and ends listening to it; what is being composed stays", async () => {
    const { studio, idle, listened } = build();
    studio.compose(REQUEST);
    studio.remove("violin-5-1");
    expect(studio.state.tracks).toHaveLength(2);
    await idle();
    studio.listen("violin-5-1");
    studio.remove("violin-5-2");
    expect(studio.state.listening).toBe("violin-5-1");
    studio.remove("violin-5-1");
    expect(studio.state).toMatchObject({ tracks: [], listening: undefined });
    expect(listened).toEqual(["violin-5-1", "stopped"]);
  });

  it("composes every track, named and listenable", async () => {
    const { studio, idle, listened } = build();
    const progress: number[] = [];
    studio.changed.on((state) => progress.push(state.tracks[0]?.progress ?? 0));
    studio.compose(REQUEST);
    await idle();
    expect(studio.state.tracks.map((track) => [track.name, track.status])).toEqual([
      ["violin-5-1", "done"],
      ["violin-5-2", "done"],
    ]);
    expect(progress.some((share) => share > 0 && share < 1)).toBe(true);
    studio.listen("violin-5-2");
    expect(studio.state.listening).toBe("violin-5-2");
    expect(studio.listeningStep()).toBe(12);
    studio.stopListening();
    expect(listened).toEqual(["violin-5-2", "stopped"]);
    const blob = await studio.renderAudio("violin-5-1", "mp3", () => undefined);
    expect(blob.size).toBe(studio.state.tracks[0].midi?.length);
  });

  it("composes to what is written, and keeps the chart made", async () => {
    const { studio, idle } = build();
    const written = parseChart("[Verse] Am F/G").bars;
    const laid = laidOn(written, REQUEST.bars);
    studio.compose({ ...REQUEST, tracks: 1, chart: { laid }, style: 13 });
    expect(studio.state.tracks[0].chart).toBeUndefined();
    await idle();
    const { bars, style } = parseChart(studio.state.tracks[0].chart ?? "");
    expect(bars.map(({ section, chords }) => ({ section, chords }))).toEqual(
      Array.from({ length: REQUEST.bars }, (_, bar) => written[bar % 2]),
    );
    expect(style).toBe(13);
  });

  it("keeps what is done when it is cancelled", async () => {
    const { studio, idle } = build();
    studio.changed.on((state) => {
      if (state.tracks[1]?.status === "composing" && state.tracks[1].progress > 0) studio.cancel();
    });
    studio.compose({ ...REQUEST, tracks: 3, bars: 8 });
    await idle();
    expect(studio.state.tracks.map((track) => track.status)).toEqual([
      "done",
      "cancelled",
      "cancelled",
    ]);
  });

  it("says what failed, leaves the broken source, and opens another for the next request", async () => {
    const { studio, idle, pieces } = build();
    pieces.fault = new Error("The model is gone; reload.");
    studio.compose(REQUEST);
    await idle();
    expect(studio.state.tracks.map((track) => [track.status, track.message])).toEqual([
      ["failed", sentence("The model is gone; reload.")],
      ["cancelled", undefined],
    ]);
    expect(pieces.disposed).toBe(1);
    pieces.fault = undefined;
    studio.compose(REQUEST);
    await idle();
    expect(studio.state.tracks.map((track) => track.status)).toEqual(["done", "done"]);
  });

  it("asks once for a source that does not open, and says so for every track", async () => {
    let asked = 0;
    const studio = new Studio({
      source: () => {
        asked++;
        return Promise.reject(new Error("No model; put one there."));
      },
      listen: () => ({ stop: () => undefined, step: () => 0 }),
      render: async () => new Blob(),
    });
    studio.compose({ ...REQUEST, tracks: 5 });
    await new Promise<void>((resolve) => studio.changed.on(({ busy }) => !busy && resolve()));
    expect(asked).toBe(1);
    expect(studio.state.tracks.map((track) => track.message)).toEqual(
      Array(5).fill(sentence("No model; put one there.")),
    );
  });

  it("is cancelled while its source still opens", async () => {
    const pieces = new FakePieces();
    let open: (source: PieceSource) => void = () => undefined;
    const studio = new Studio({
      source: () => new Promise((resolve) => (open = resolve)),
      listen: () => ({ stop: () => undefined, step: () => 0 }),
      render: async () => new Blob(),
    });
    studio.compose(REQUEST);
    studio.cancel();
    open(pieces);
    await new Promise<void>((resolve) => studio.changed.on(({ busy }) => !busy && resolve()));
    expect(studio.state.tracks.map((track) => track.status)).toEqual(["cancelled", "cancelled"]);
  });

  it("loses no track to another of the same name", async () => {
    const { studio, idle } = build();
    for (const tempo of [120, 90]) {
      studio.compose({ ...REQUEST, tracks: 1, tempo });
      await idle();
    }
    expect(studio.state.tracks.map(({ name, request }) => [name, request.tempo])).toEqual([
      ["violin-5-1-v2", 90],
      ["violin-5-1", 120],
    ]);
  });

  it("keeps takes and restores what an earlier visit left, each once", async () => {
    const { studio } = build();
    const notes = [{ instrument: 3, pitch: 60, velocity: 90, onset: 8, duration: 8 }];
    const music = { notes, metres: [], tempos: [{ step: 0, tempo: 96 }] };
    const controls = {
      ...usualValues(JAM_CONTROLS),
      ...USUAL_CHOICES,
      ...{ tempo: 140, temperature: 0.7, topP: 0.9, seed: 11, lead: 3, drums: true },
      ...{ metre: COMMON_TIME, key: undefined },
    };
    const take = { controls, music, midi: new Uint8Array([1]) };
    expect([studio.keep(take), studio.keep(take)]).toEqual(["take-11", "take-11-v2"]);
    const [newest] = studio.state.tracks;
    expect(newest).toMatchObject({ status: "done", request: { tempo: 96, bars: 1, seed: 11 } });
    studio.restore([{ ...newest, name: "violin-1-1" }, newest]);
    expect(studio.state.tracks.map(({ name }) => name)).toEqual([
      "take-11-v2",
      "take-11",
      "violin-1-1",
    ]);
  });

  it("refuses a request out of its limits", () => {
    expect(() => build().studio.compose({ ...REQUEST, bars: 9999 })).toThrow(/bars 9999/);
  });
});
