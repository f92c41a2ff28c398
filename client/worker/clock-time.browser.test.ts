/** The worker plays a model whose manifest names Allegro's tokens: the one that ships, made to say so. */
import { afterEach, describe, expect, it } from "vitest";
import { type CompositionSettings, drawnAlike } from "#engine/compose/composition.ts";
import { inKey, parseKey } from "#music/key.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Note } from "#music/note.ts";
import { DecoderClient } from "./decoder-client.ts";

const KEY = parseKey("D minor");
const SETTINGS: CompositionSettings = {
  constraint: { lead: 3, drums: false, band: [0], key: KEY },
  // All that is allowed may be drawn, so that what a retake forbids besides makes no difference to what is drawn.
  sampling: drawnAlike({ temperature: 1, topP: 1 }),
  seed: 5,
  tempo: 90,
};

const clients: DecoderClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

async function open(): Promise<DecoderClient> {
  const client = new DecoderClient(
    new Worker(new URL("./testing/clock-time-worker.ts", import.meta.url), { type: "module" }),
  );
  clients.push(client);
  const model = await client.load({
    modelUrl: new URL("/presets/models/cadenza-starter/", location.href).href,
    wasmPaths: new URL("/node_modules/@tensorflow/tfjs-backend-wasm/dist/", location.href).href,
    backend: "wasm",
  });
  expect(model.backend).toBe("wasm");
  return client;
}

function expectConstraint(notes: readonly Note[]): void {
  for (const { instrument, pitch } of notes) {
    expect([0, 3]).toContain(instrument);
    expect(inKey(KEY, pitch % 12)).toBe(true);
  }
}

describe("the composing worker with a model of Allegro's tokens", () => {
  it("composes, keeps its tempo over a retake, and follows a new lead", async () => {
    const client = await open();
    const failures: string[] = [];
    client.failed.on(({ message }) => failures.push(message));
    const revisions: Note[][] = [];
    client.composed.on(({ revision, notes }) => {
      revisions[revision] = [...(revisions[revision] ?? []), ...notes];
    });
    const reach = async (revision: number, step: number) => {
      client.composeUntil(step);
      while ((revisions[revision]?.at(-1)?.onset ?? 0) < step && failures.length === 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(failures).toEqual([]);
      return revisions[revision];
    };
    const first = await reach(client.begin(SETTINGS), 24);
    expect(first[0].instrument).toBe(3);
    const again = await reach(client.retake(20, { ...SETTINGS, tempo: 200 }), 24);
    expect(again).toEqual(first.filter(({ onset }) => onset >= 20));
    const other = { ...SETTINGS, constraint: { ...SETTINGS.constraint, lead: 0, band: [3] } };
    const later = await reach(client.retake(22, other), 32);
    expect(later[0]).toMatchObject({ instrument: 0 });
    expect(later[0].onset).toBeGreaterThanOrEqual(22);
    expectConstraint([...first, ...later]);
  });

  it("composes a piece", async () => {
    const client = await open();
    const { constraint, seed } = SETTINGS;
    const request = { ...constraint, temperature: 1, topP: 1, bars: 4, tracks: 1, seed, tempo: 90 };
    const { notes, midi } = await client.composePiece(request, 1, () => undefined);
    expect(notes.length).toBeGreaterThan(10);
    expectConstraint(notes);
    expect(arrange(readMidi(midi)).notes).toEqual(notes);
  });
});
