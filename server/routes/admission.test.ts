/** Quotas: how often a client may ask, and how much one job may cost. */
import { afterEach, describe, expect, it } from "vitest";
import { writeMidi } from "#music/midi/midi-writer.ts";
import {
  SAMPLE_MIDI,
  type SampleApp,
  type SampleOptions,
  sampleApp,
} from "../testing/sample-app.ts";

let sample: SampleApp;
const open = async (options: SampleOptions = {}): Promise<void> => {
  sample = await sampleApp(options);
};
afterEach(() => sample.close());

const post = (remoteAddress: string, payload = SAMPLE_MIDI, query = "", headers = {}) =>
  sample.app.inject({
    ...{ method: "POST", url: `/api/renders${query}`, payload, remoteAddress },
    headers: { "content-type": "audio/midi", ...headers },
  });

/** `seconds` of one note. */
const lasting = (seconds: number): Buffer =>
  Buffer.from(
    writeMidi(
      [0, seconds * 16 - 8].map((onset) => {
        return { instrument: 0, pitch: 60, velocity: 90, onset, duration: 8 };
      }),
    ),
  );

describe("admission", () => {
  it("counts what each client asks for within a minute", async () => {
    await open({ limits: { perMinute: 2 } });
    for (let n = 0; n < 2; n++) {
      const { headers } = await post("10.0.0.1");
      await sample.app.inject({ method: "DELETE", url: String(headers.location) });
    }
    const answer = await post("10.0.0.1");
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(answer.json().detail).toMatch(/You asked for 2 jobs within a minute/);
    expect((await post("10.0.0.2")).statusCode).toBe(202);
  });

  it("gives a client its share of the queue, a household by its network", async () => {
    await open({ limits: { jobs: { perClient: 1 } } });
    expect((await post("2001:db8:1:2::1")).statusCode).toBe(202);
    expect((await post("2001:db8:1:2::ffff")).json().detail).toMatch(/You have 1 jobs? under way/);
    expect((await post("2001:db8:1:3::1")).statusCode).toBe(202);
  });

  it("believes a proxy it trusts, and nobody else, who asks", async () => {
    await open({ limits: { jobs: { perClient: 1 } }, trustedProxies: ["10.0.0.1"] });
    const by = (proxy: string, client: string) =>
      post(proxy, SAMPLE_MIDI, "", { "x-forwarded-for": client });
    expect((await by("10.0.0.1", "1.1.1.1")).statusCode).toBe(202);
    expect((await by("10.0.0.1", "1.1.1.1")).statusCode).toBe(429);
    expect((await by("10.0.0.1", "2.2.2.2")).statusCode).toBe(202);
    expect((await by("10.0.0.9", "3.3.3.3")).statusCode).toBe(202);
    expect((await by("10.0.0.9", "4.4.4.4")).statusCode).toBe(429);
  });

  it("lets a place go whatever becomes of its request", async () => {
    await open({ limits: { jobs: { perClient: 1 } } });
    for (let n = 0; n < 3; n++) {
      expect((await post("10.0.0.1", Buffer.from("no MIDI"))).statusCode).toBe(422);
      expect((await post("10.0.0.1", SAMPLE_MIDI, "?format=ogg")).statusCode).toBe(400);
    }
    expect((await post("10.0.0.1")).statusCode).toBe(202);
  });

  it("takes half an hour of music, and says what is too long, too dear or too large", async () => {
    await open();
    expect((await post("10.0.0.1", lasting(1790))).statusCode).toBe(202);
    const long = await post("10.0.0.2", lasting(1810));
    expect([long.statusCode, long.json().detail]).toEqual([413, expect.stringMatching(/minutes/)]);
    const many = Buffer.from(
      writeMidi(
        Array.from({ length: 9000 }, (_, n) => ({
          ...{ instrument: n % 9, pitch: 40 + (n % 40), velocity: 90 },
          ...{ onset: Math.floor(n / 9) * 8, duration: 8 },
        })),
      ),
    );
    expect((await post("10.0.0.3", many, "?stems=true")).statusCode).toBe(202);
    const tight = await sampleApp({ limits: { jobs: { jobBytes: 100_000 } } });
    const large = await tight.app.inject({
      ...{ method: "POST", url: "/api/renders?format=wav", payload: SAMPLE_MIDI },
      headers: { "content-type": "audio/midi" },
    });
    expect([large.statusCode, large.json().detail]).toEqual([413, expect.stringMatching(/MB/)]);
    await tight.close();
  });
});
