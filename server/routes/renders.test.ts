import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { RENDER_TAIL } from "#sound/offline.ts";
import { eventually } from "../testing/eventually.ts";
import { SAMPLE_MIDI, type SampleApp, sampleApp } from "../testing/sample-app.ts";

let sample: SampleApp;
beforeEach(async () => {
  sample = await sampleApp({ limits: { jobs: { waiting: 1 } } });
});
afterEach(() => sample.close());

const post = (payload: Buffer | string = SAMPLE_MIDI, query = "", type = "audio/midi") =>
  sample.app.inject({
    method: "POST",
    url: `/api/renders${query}`,
    headers: { "content-type": type },
    payload,
  });
const get = (url: string, headers: Record<string, string> = {}) =>
  sample.app.inject({ url, headers });
const remove = (url: string) => sample.app.inject({ method: "DELETE", url });
const finish = async (audio: string): Promise<void> => {
  await eventually(() => expect(sample.renderings).toHaveLength(1));
  sample.renderings[0].finish(Buffer.from(audio));
};
const reach = (url: string, status: string): Promise<void> =>
  eventually(async () => expect((await get(url)).json().status).toBe(status));

describe("POST /api/renders", () => {
  it("takes a MIDI file, tells progress, and serves the sound", async () => {
    const answer = await post();
    expect(answer.statusCode).toBe(202);
    const job = answer.json();
    const url = answer.headers.location as string;
    expect(url).toBe(`/api/renders/${job.id}`);
    expect(job).toMatchObject({ progress: 0, files: [] });

    await eventually(() => expect(sample.renderings).toHaveLength(1));
    const { order } = sample.renderings[0];
    expect(order.notes).toHaveLength(5);
    expect(order.seconds).toBeCloseTo(2 + RENDER_TAIL, 6); // four quarters at 120 BPM
    expect(order.format).toBe("mp3");
    order.onProgress(0.25);
    expect((await get(url)).json()).toMatchObject({ status: "running", progress: 0.25 });
    const early = await get(`${url}/audio`);
    expect(early.statusCode).toBe(409);
    expect(early.json().detail).toMatch(/The job is running/);

    await finish("0123456789");
    await reach(url, "done");
    const audio = await get(`${url}/audio`);
    expect([audio.statusCode, audio.body]).toEqual([200, "0123456789"]);
    expect(audio.headers["content-type"]).toBe("audio/mpeg");
    expect(audio.headers["content-disposition"]).toBe('inline; filename="cadenza.mp3"');
    const part = await get(`${url}/audio`, { range: "bytes=2-4" });
    expect([part.statusCode, part.body]).toEqual([206, "234"]);
    const known = await get(`${url}/audio`, { "if-none-match": String(audio.headers.etag) });
    expect(known.statusCode).toBe(304);
  });

  it("says what of the file is left out, from the first answer to the last", async () => {
    const remarks = ["10 notes of sounds that none of the twelve instruments has are left out."];
    const answer = await post(
      readFileSync("client/music/testing/cases/43-timpani-part.mid"),
      "?format=wav",
    );
    expect(answer.json().remarks).toEqual(remarks);
    await finish("x");
    const url = answer.headers.location as string;
    await reach(url, "done");
    expect((await get(url)).json().remarks).toEqual(remarks);
    expect((await post()).json().remarks).toEqual([]);
  });

  it("renders stems, each as long as the mix", async () => {
    const url = (await post(SAMPLE_MIDI, "?stems=true&format=wav")).headers.location as string;
    const counts: number[] = [];
    for (const name of ["mix", "piano", "bass"]) {
      await eventually(() => expect(sample.renderings).toHaveLength(1));
      const { order } = sample.renderings[0];
      counts.push(order.notes.length);
      expect(order.seconds).toBeCloseTo(2 + RENDER_TAIL, 6);
      await finish(name);
    }
    await reach(url, "done");
    expect(counts).toEqual([5, 4, 1]);
    const { files } = (await get(url)).json();
    expect(files.map((file: { name: string }) => file.name)).toEqual([
      "cadenza.wav",
      "cadenza-piano.wav",
      "cadenza-bass.wav",
    ]);
    expect((await get(files[2].url)).body).toBe("bass");
    expect((await get(`${url}/files/..%2f..%2fsecret.txt`)).statusCode).toBe(404);
  });

  it.each([
    ["no MIDI", Buffer.from("not a MIDI file at all"), 422],
    ["an empty body", Buffer.alloc(0), 422],
    ["an empty file", Buffer.from("4d546864000000060000000001e0", "hex"), 422],
    ["a body over the limit", Buffer.alloc(1024 * 1024 + 1), 413],
    [
      "a megabyte of one key struck and never released",
      hostile(`00903c40${"003c40".repeat(349_000)}`),
      413,
    ],
    // One note 2^28 ticks on, at the slowest tempo: a claim to last for months.
    ["a file that claims to last for months", hostile("ff5103ffffff 00903c40 ffffff7f803c40"), 413],
    ["a file that claims 4 GB and holds nothing", hostile("", 0xffffffff), 413],
  ])("refuses %s", async (_name, payload, most) => {
    const answer = await post(payload);
    expect([422, most]).toContain(answer.statusCode);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(answer.json().detail).toMatch(/[.;]/);
  });

  it.each([
    ["application/json", "{}"],
    ["text/plain", "x"],
    ["application/octet-stream", "x"],
  ])("refuses the type %s", async (type, body) => {
    const answer = await post(body, "", type);
    expect(answer.statusCode).toBe(415);
    expect(answer.json().title).toBe("Unsupported Media Type");
  });

  it.each(["?format=ogg", "?kit=none", "?stems=perhaps", "?volume=11"])(
    "refuses the query %s",
    async (query) => {
      const answer = await post(SAMPLE_MIDI, query);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().status).toBe(400);
      expect(sample.renderings).toHaveLength(0);
    },
  );

  it("sends away what the queue has no room for", async () => {
    await post();
    await post();
    const answer = await post();
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(answer.json().detail).toMatch(/queue is full/);
    // It is asked first: what would be refused for other reasons is not looked at.
    expect((await post("not a MIDI file")).statusCode).toBe(429);
  });
});

describe("a job", () => {
  it("is cancelled by DELETE, and its rendering stops", async () => {
    const url = (await post()).headers.location as string;
    await eventually(() => expect(sample.renderings).toHaveLength(1));
    const { signal } = sample.renderings[0].order;
    expect((await remove(url)).statusCode).toBe(204);
    expect(signal.aborted).toBe(true);
    expect((await get(url)).json().status).toBe("cancelled");
    expect((await get(`${url}/audio`)).statusCode).toBe(409);
    expect(sample.renderings).toHaveLength(0);
  });

  it("is removed with its files once it is done", async () => {
    const url = (await post()).headers.location as string;
    await finish("x");
    await reach(url, "done");
    // Its input is gone, its sound is there.
    await eventually(async () => expect(await sample.blobs()).toHaveLength(1));
    expect((await remove(url)).statusCode).toBe(204);
    expect((await get(url)).statusCode).toBe(404);
    expect(await sample.blobs()).toHaveLength(0);
  });

  it("says why it failed", async () => {
    const url = (await post()).headers.location as string;
    await eventually(() => expect(sample.renderings).toHaveLength(1));
    sample.renderings[0].fail(new Failure("unreadable", "The kit is broken; get another."));
    await reach(url, "failed");
    expect((await get(url)).json().error).toBe("The kit is broken; get another.");
    expect((await get(`${url}/audio`)).json().detail).toMatch(/The kit is broken; get another\./);
  });

  it("is not known under another id", async () => {
    for (const id of ["none", "..", "%2e%2e%2f", "0".repeat(300)]) {
      expect((await get(`/api/renders/${id}`)).statusCode).toBe(404);
    }
    expect((await remove("/api/renders/none")).statusCode).toBe(404);
  });
});

/** A format 0 file whose one track has the given events (hex) and claims a length. */
function hostile(events: string, claimed?: number): Buffer {
  const body = Buffer.from(`${events.replaceAll(" ", "")}00ff2f00`, "hex");
  const withDelta = events.startsWith("ff") ? Buffer.concat([Buffer.from([0]), body]) : body;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(claimed ?? withDelta.length);
  const header = Buffer.from("4d546864000000060000000101e04d54726b", "hex");
  return Buffer.concat([header, length, withDelta]);
}
