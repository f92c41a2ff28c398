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
const STEPS = 96;

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
  it("composes the same notes whether its device is lost in the middle or not", async () => {
    const whole = await open();
    await whole.reach(STEPS);
    whole.client.dispose();
    const { notes, moves, reach } = await open();
    await reach(30);
    order("lose");
    await reach(STEPS);
    expect(moves).toEqual(["webgpu: device-replaced"]);
    expect(notes).toEqual(whole.notes);
  });

  it("survives a crash of the browser's GPU process", async () => {
    const { notes, moves, reach } = await open();
    await reach(30);
    const session = cdp() as unknown as { send(method: string): Promise<unknown> };
    await session.send("Browser.crashGpuProcess");
    await reach(STEPS);
    expect(moves.length).toBeGreaterThan(0);
    expect(notes.at(-1)?.onset).toBeGreaterThanOrEqual(STEPS);
  });

  it("goes on on the CPU where the device does not come back", async () => {
    const { client, notes, moves, reach } = await open();
    await reach(30);
    const before = notes.length;
    order("forbid");
    await reach(STEPS);
    expect(moves).toEqual(["wasm: device-replaced"]);
    expect(notes.length).toBeGreaterThan(before + 10);
    client.retake(60, { ...SETTINGS, seed: 6 });
    client.composeUntil(STEPS + 40);
    await reach(STEPS + 40);
  });
});
