/** The reading thread, as the server uses it: kept from file to file. */
import { afterEach, describe, expect, it } from "vitest";
import { SAMPLE_MIDI } from "../testing/sample-app.ts";
import { ThreadInspector } from "./inspector.ts";

const inspector = new ThreadInspector();
afterEach(() => inspector.dispose());

const LIMITS = { seconds: 60, notes: 100 };
const midi = (): Uint8Array => new Uint8Array(SAMPLE_MIDI);

describe("ThreadInspector", () => {
  it("reads one file after the other, whatever became of the last", async () => {
    const facts = { notes: 5, instruments: 2 };
    const asked = [
      inspector.song(midi(), LIMITS),
      inspector.song(Buffer.from("no MIDI"), LIMITS),
      inspector.song(midi(), { seconds: 1, notes: 100 }),
      inspector.composition({ instrument: "Kazoo" }, 1),
      inspector.composition({ instrument: "Piano", bars: 2, prime: midi() }, 1),
      inspector.song(midi(), LIMITS),
    ];
    const kinds = (await Promise.allSettled(asked)).map((answer) =>
      answer.status === "fulfilled" ? answer.value : answer.reason.kind,
    );
    expect(kinds).toMatchObject([
      facts,
      "unreadable",
      "too-large",
      "usage",
      { bars: 2, tracks: 1 },
      facts,
    ]);
  }, 300_000);

  it("begins another thread after its end", async () => {
    await inspector.song(midi(), LIMITS);
    await inspector.dispose();
    expect(await inspector.song(midi(), LIMITS)).toMatchObject({ notes: 5 });
  }, 300_000);
});
