import { afterEach, describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import { type CompositionSettings, drawnAlike } from "#engine/compose/composition.ts";
import type { Note } from "#music/note.ts";
import { DecoderClient } from "./decoder-client.ts";
import { THEFT_CHANNEL, type TheftOrder } from "./testing/device-thief.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: true },
  sampling: drawnAlike({ temperature: 0.95, topP: 0.96 }),
  seed: 5,
};
const STEPS = 64;

const clients: DecoderClient[] = [];
const channel = new BroadcastChannel(THEFT_CHANNEL);
const order = (what: TheftOrder) => channel.postMessage(what);
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

async function open() {
  const client = new DecoderClient(
    new Worker(new URL("./testing/losable-worker.ts", import.meta.url), { type: "module" }),
  );
  clients.push(client);
  const failures: string[] = [];
  client.failed.on(({ message }) => failures.push(message));
  const moves: string[] = [];
  client.recovered.on(({ backend, remark }) => moves.push(`${backend}: ${remark.code}`));
  const notes: Note[] = [];
  client.composed.on((composed) => notes.push(...composed.notes));
  const model = await client.load({
    modelUrl: new URL("/presets/models/cadenza-starter/", location.href).href,
    wasmPaths: new URL("/node_modules/@tensorflow/tfjs-backend-wasm/dist/", location.href).href,
    backend: "webgpu",
  });
  expect(model.backend).toBe("webgpu");
  client.begin(SETTINGS);
  client.composeUntil(STEPS);
  const reach = async (step: number) => {
    while ((notes.at(-1)?.onset ?? 0) < step && failures.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(failures).toEqual([]);
  };
  return { client, notes, moves, reach };
}

describe("the composing worker", () => {
  it("composes the same notes with its device lost in the middle, then on the CPU where none comes back", async () => {
    const whole = await open();
    await whole.reach(STEPS);
    whole.client.dispose();
    const { client, notes, moves, reach } = await open();
    await reach(20);
    order("lose");
    await reach(STEPS);
    expect(moves).toEqual(["webgpu: device-replaced"]);
    expect(notes).toEqual(whole.notes);
    const before = notes.length;
    client.composeUntil(STEPS + 24);
    order("forbid");
    await reach(STEPS + 24);
    expect(moves.slice(1)).toEqual(["wasm: device-replaced"]);
    expect(notes.length).toBeGreaterThan(before + 10);
    client.retake(STEPS + 12, { ...SETTINGS, seed: 6 });
    client.composeUntil(STEPS + 48);
    await reach(STEPS + 48);
  });

  it("survives a crash of the browser's GPU process", async () => {
    const { notes, moves, reach } = await open();
    await reach(20);
    const session = cdp() as unknown as { send(method: string): Promise<unknown> };
    await session.send("Browser.crashGpuProcess");
    await reach(STEPS);
    expect(moves.length).toBeGreaterThan(0);
    expect(notes.at(-1)?.onset).toBeGreaterThanOrEqual(STEPS);
  });
});
