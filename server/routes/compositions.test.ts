/** Compositions through the real composing thread, on a model without training. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DRUMS } from "#music/instrument.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { RENDER_TAIL } from "#sound/offline.ts";
import { eventually } from "../testing/eventually.ts";
import { SAMPLE_MIDI, type SampleApp, sampleApp } from "../testing/sample-app.ts";

// Processes and threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let sample: SampleApp;
beforeAll(async () => {
  const renderAudio = async ({ format, seconds }: { format: string; seconds: number }) =>
    Buffer.from(`${format} of ${seconds} s`);
  sample = await sampleApp({ renderAudio });
});
afterAll(() => sample.close());

const BASE = "/api/compositions";
const post = (body: unknown, type = "application/json") =>
  sample.app.inject({
    method: "POST",
    url: BASE,
    headers: { "content-type": type },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });
const get = (url: string) => sample.app.inject(url);

interface JobView {
  readonly status: string;
  readonly progress: number;
  readonly error?: string;
  readonly remarks: readonly string[];
  readonly files: { readonly name: string; readonly url: string }[];
}

async function finished(url: string): Promise<JobView> {
  await eventually(
    async () => expect((await get(url)).json().status).not.toMatch(/queued|running/),
    60_000,
  );
  return (await get(url)).json();
}

describe("POST /api/compositions", () => {
  it("composes the tracks asked for, the same ones for the same seed", async () => {
    const order = { instrument: "violin", drums: true, bars: 4, tracks: 2, seed: 7, tempo: 60 };
    const answer = await post({ ...order, format: ["mid", "mp3"] });
    expect(answer.statusCode).toBe(202);
    const job = await finished(answer.headers.location as string);
    expect(job).toMatchObject({ status: "done", progress: 1 });
    expect(job.files.map((file) => file.name)).toEqual([
      "violin-7-1.mid",
      "violin-7-1.chart.json",
      "violin-7-1.mp3",
      "violin-7-2.mid",
      "violin-7-2.chart.json",
      "violin-7-2.mp3",
    ]);
    const midi = (await get(job.files[0].url)).rawPayload;
    const { notes } = arrange(readMidi(midi));
    expect(notes.find((note) => note.instrument !== DRUMS)?.instrument).toBe(3);
    expect(notes.some((note) => note.instrument === DRUMS)).toBe(true);
    // Four bars of four seconds, and the tail: both tracks are equally long.
    expect((await get(job.files[2].url)).body).toBe(`mp3 of ${16 + RENDER_TAIL} s`);
    expect((await get(job.files[5].url)).body).toBe(`mp3 of ${16 + RENDER_TAIL} s`);

    const again = await post({ ...order, format: ["mid"] });
    const twin = await finished(again.headers.location as string);
    expect((await get(twin.files[0].url)).rawPayload.equals(midi)).toBe(true);
    expect((await get(twin.files[2].url)).rawPayload.equals(midi)).toBe(false);
  });

  it("goes on from a file", async () => {
    const prime = SAMPLE_MIDI.toString("base64");
    const body = { instrument: "Piano", bars: 2, seed: 1, format: ["mid"], prime };
    const answer = await post(body);
    const job = await finished(answer.headers.location as string);
    const { notes } = arrange(readMidi((await get(job.files[0].url)).rawPayload));
    expect(notes.slice(0, 2).map(({ pitch, onset }) => [pitch, onset])).toEqual([
      [60, 0],
      [36, 0],
    ]);
    expect(notes.some((note) => note.onset >= 32)).toBe(true);
  });

  it("says what of a file to go on from is left out", async () => {
    const file = new URL("../../client/music/testing/cases/43-timpani-part.mid", import.meta.url);
    const prime = readFileSync(file).toString("base64");
    const answer = await post({ instrument: "Piano", bars: 3, seed: 1, format: ["mid"], prime });
    const remarks = ["10 notes of sounds that none of the twelve instruments has are left out."];
    expect(answer.json().remarks).toEqual(remarks);
    expect(await finished(answer.headers.location as string)).toMatchObject({ remarks });
  });

  it("goes on from a waltz in its metre and at its tempo, unless others are named", async () => {
    const file = new URL("../../client/music/testing/cases/51-waltz-90-bpm.mid", import.meta.url);
    const prime = readFileSync(file).toString("base64");
    const body = { instrument: "Piano", bars: 9, seed: 1, format: ["mid"], prime };
    const written = async (change: object) => {
      const answer = await post({ ...body, ...change });
      const job = await finished(answer.headers.location as string);
      return readMidi((await get(job.files[0].url)).rawPayload);
    };
    const waltz = await written({});
    expect(waltz.tempos[0].tempo).toBeCloseTo(90, 3);
    expect(waltz.meters).toEqual([{ tick: 0, numerator: 3, denominator: 4 }]);
    const other = await written({ tempo: 150, metre: "5/4" });
    expect(other.tempos[0].tempo).toBeCloseTo(150, 3);
    expect(other.meters[1]).toEqual({ tick: 8 * 24 * 60, numerator: 5, denominator: 4 });
    expect((await post({ ...body, metre: "5/9" })).statusCode).toBe(400);
  });

  it("stops composing when it is cancelled", async () => {
    const answer = await post({ instrument: "Piano", bars: 128, seed: 1, format: ["mid"] });
    const url = answer.headers.location as string;
    await eventually(
      async () => expect((await get(url)).json().progress).toBeGreaterThan(0),
      60_000,
    );
    await sample.app.inject({ method: "DELETE", url });
    expect((await get(url)).json().status).toBe("cancelled");
    // The queue moves on: what comes next is done.
    const next = await post({ instrument: "Piano", bars: 1, seed: 1, format: ["mid"] });
    expect((await finished(next.headers.location as string)).status).toBe("done");
  });

  it.each([
    [{}, /instrument/],
    [{ instrument: "Kazoo" }, /choose one of Piano/],
    [{ instrument: "Drums" }, /Drums cannot lead/],
    [{ instrument: "Piano", bars: 0 }, /bars must be >= 1/],
    [{ instrument: "Piano", bars: "many" }, /bars must be integer/],
    [{ instrument: "Piano", temperature: 9 }, /temperature must be <= 2/],
    [{ instrument: "Piano", key: "H" }, /key "H" is not known/],
    [{ instrument: "Piano", format: ["ogg"] }, /format/],
    [{ instrument: "Piano", volume: 11 }, /additional properties/],
    [{ instrument: "Piano", model: "none" }, /choose one of small/],
    ["{", /not understood/],
  ])("refuses %j", async (body, detail) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(answer.json().detail).toMatch(detail);
  });

  it("refuses what is too much, what is no JSON, and a prime that is no MIDI", async () => {
    expect((await post({ instrument: "Piano", bars: 512, tracks: 2 })).statusCode).toBe(413);
    expect((await post("x".repeat(600 * 1024))).statusCode).toBe(413);
    expect((await post("x", "text/plain")).statusCode).toBe(415);
    expect((await post({ instrument: "Piano", prime: "bm8gTUlESQ==" })).statusCode).toBe(422);
  });
});
