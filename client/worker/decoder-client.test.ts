import { describe, expect, it } from "vitest";
import { remarkOf } from "#base/failure.ts";
import { type Remark, remark, sentence } from "#base/remark.ts";
import { type CompositionSettings, drawnAlike } from "#engine/compose/composition.ts";
import type { Recovered } from "#model/recovering-decoder.ts";
import { DecoderClient, type WorkerLike } from "./decoder-client.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: false },
  sampling: drawnAlike({ temperature: 1, topP: 1 }),
  seed: 1,
};
const REQUEST = {
  lead: 0,
  drums: false,
  bars: 1,
  tracks: 1,
  temperature: 1,
  topP: 1,
  seed: 1,
  tempo: 120,
};

class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly sent: ToWorker[] = [];
  terminated = 0;

  postMessage(message: ToWorker): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.terminated++;
  }

  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }

  break(message: string | undefined): void {
    this.onerror?.({ message, preventDefault: () => undefined } as ErrorEvent);
  }
}

function build() {
  const worker = new FakeWorker();
  const client = new DecoderClient(worker);
  const faults: Remark[] = [];
  client.failed.on((error) => faults.push(remarkOf(error)));
  return { worker, client, faults };
}

describe("DecoderClient", () => {
  it("loads, tells progress, and passes composed notes on", async () => {
    const { worker, client } = build();
    const progress: number[] = [];
    client.progressed.on(({ loadedBytes }) => progress.push(loadedBytes));
    const loading = client.load({ modelUrl: "m/", wasmPaths: "w/", backend: "auto" });
    expect(worker.sent[0]).toMatchObject({ kind: "load", modelUrl: "m/" });
    worker.say({ kind: "progress", loadedBytes: 5, totalBytes: 10 });
    const model = { id: "x", parameters: 1, backend: "wasm", remarks: [], reasons: [] } as const;
    worker.say({ kind: "loaded", model });
    expect(await loading).toEqual(model);
    expect(progress).toEqual([5]);
    const revisions: number[] = [];
    client.composed.on((composed) => revisions.push(composed.revision));
    expect([client.begin(SETTINGS), client.retake(8, SETTINGS)]).toEqual([1, 2]);
    worker.say({
      kind: "composed",
      composed: { revision: 2, notes: [], tokens: 0, milliseconds: 1 },
    });
    expect(revisions).toEqual([2]);
  });

  it("speaks of the step wanted only when it has moved", () => {
    const { worker, client } = build();
    client.begin(SETTINGS);
    for (let step = 1; step <= 64; step++) client.composeUntil(step);
    client.composeUntil(10);
    const steps = worker.sent.flatMap((message) =>
      message.kind === "composeUntil" ? [message.step] : [],
    );
    expect(steps.length).toBeLessThanOrEqual(17);
    expect(steps.at(-1)).toBe(10);
  });

  it("rejects loading with the worker's sentence, and a broken thread with one of its own", async () => {
    const first = build();
    const loading = first.client.load({ modelUrl: "m/", wasmPaths: "w/", backend: "auto" });
    first.worker.say({ kind: "failed", why: sentence("The weights are broken; export again.") });
    await expect(loading).rejects.toMatchObject({
      remark: sentence("The weights are broken; export again."),
    });
    expect(first.faults).toEqual([]);
    const second = build();
    second.worker.break(undefined);
    expect(second.faults).toEqual([remark("thread-broken", { reason: "" })]);
  });

  it("tells of a device that was lost and replaced, and composes on", () => {
    const { worker, client, faults } = build();
    const told: Recovered[] = [];
    client.recovered.on((recovered) => told.push(recovered));
    const recovered: Recovered = {
      backend: "wasm",
      remark: remark("device-replaced", { backend: "wasm" }),
    };
    worker.say({ kind: "recovered", recovered });
    expect(told).toEqual([recovered]);
    expect(faults).toEqual([]);
  });

  it("settles a piece once: done, cancelled or failed", async () => {
    const { worker, client } = build();
    const shares: number[] = [];
    const ask = () => client.composePiece(REQUEST, 1, (share) => shares.push(share));
    const done = ask();
    worker.say({ kind: "pieceProgress", share: 0.5 });
    worker.say({ kind: "piece", notes: [], midi: new Uint8Array(3), chart: "{}" });
    expect((await done).midi).toHaveLength(3);
    expect(shares).toEqual([0.5]);
    const cancelled = ask();
    client.cancelPiece();
    worker.say({ kind: "pieceFailed", why: sentence("aborted"), cancelled: true });
    await expect(cancelled).rejects.toMatchObject({ name: "AbortError" });
    const failed = ask();
    worker.say({ kind: "failed", why: sentence("The GPU was lost.") });
    await expect(failed).rejects.toMatchObject({ remark: sentence("The GPU was lost.") });
    client.dispose();
    expect(worker.terminated).toBe(1);
  });

  it("has a piece composed once more, and says why where it cannot be", async () => {
    const { worker, client } = build();
    const record = { orders: [{ drawn: 0, step: 0, settings: SETTINGS, prime: [] }], drawn: 3 };
    const notes = [{ instrument: 0, pitch: 60, velocity: 90, onset: 0, duration: 4 }];
    const first = client.replay(record);
    expect(worker.sent.at(-1)).toEqual({ kind: "replay", record });
    worker.say({ kind: "replayed", notes });
    expect(await first).toEqual(notes);
    const second = client.replay(record);
    const why = remark("link-unreadable", {});
    worker.say({ kind: "replayFailed", why });
    await expect(second).rejects.toMatchObject({ kind: "unreadable", remark: why });
    const third = client.replay(record);
    worker.say({ kind: "failed", why: sentence("The device is gone; reload the page.") });
    await expect(third).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("asks for futures, and hands on those that come", () => {
    const { worker, client } = build();
    const foreseen: unknown[] = [];
    client.foreseen.on((future) => foreseen.push(future));
    const order = { number: 1, from: 32, until: 96, settings: [SETTINGS] };
    client.foresee(order);
    client.foresee(undefined);
    expect(worker.sent).toEqual([
      { kind: "foresee", order },
      { kind: "foresee", order: undefined },
    ]);
    const future = { number: 1, index: 0, notes: [] };
    worker.say({ kind: "foreseen", future });
    expect(foreseen).toEqual([future]);
  });
});
