/** What only a real connection shows: streams of events, shutting down, a port in use. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseChart } from "#music/chart/chart-file.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { packageRoot } from "./package-root.ts";
import { eventually } from "./testing/eventually.ts";
import { SAMPLE_MIDI, type SampleApp, sampleApp } from "./testing/sample-app.ts";

// Processes and threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

interface Event {
  readonly id: string;
  readonly job: { readonly status: string; readonly progress: number };
}

describe("over HTTP", () => {
  let sample: SampleApp;
  let origin: string;
  beforeEach(async () => {
    sample = await sampleApp();
    origin = await sample.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(() => sample.close());

  const post = async (): Promise<string> => {
    const headers = { "content-type": "audio/midi" };
    const body = Uint8Array.from(SAMPLE_MIDI);
    const answer = await fetch(`${origin}/api/renders`, { method: "POST", headers, body });
    expect(answer.status).toBe(202);
    return `${origin}${answer.headers.get("location")}`;
  };

  /** Reads a stream of events to its end. */
  const readEvents = async (url: string, begun?: () => void): Promise<Event[]> => {
    const answer = await fetch(`${url}/events`);
    begun?.();
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const text = await answer.text();
    return text
      .split("\n\n")
      .filter((block) => block !== "" && !block.startsWith(":"))
      .map((block) => {
        const [id, data] = block.split("\n");
        return { id: id.slice("id: ".length), job: JSON.parse(data.slice("data: ".length)) };
      });
  };

  it("streams a job's progress to its end, then says that nothing more will come", async () => {
    const url = await post();
    const reading = readEvents(url);
    await eventually(() => expect(sample.renderings).toHaveLength(1));
    for (const share of [0.25, 0.5, 0.75]) {
      sample.renderings[0].order.onProgress(share);
      await new Promise((later) => setTimeout(later, 20));
    }
    sample.renderings[0].finish(Buffer.from("sound"));
    const events = await reading;
    const shares = events.map((event) => event.job.progress);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares).toEqual(expect.arrayContaining([0.25, 0.5, 0.75, 1]));
    expect(events.at(-1)).toMatchObject({ id: "done", job: { status: "done", progress: 1 } });

    expect((await readEvents(url)).map((event) => event.id)).toEqual(["done"]);
    const again = await fetch(`${url}/events`, { headers: { "last-event-id": "done" } });
    expect(again.status).toBe(204);
  });

  it("ends the stream of a job that is cancelled", async () => {
    const url = await post();
    const reading = readEvents(url);
    await eventually(() => expect(sample.renderings).toHaveLength(1));
    expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
    expect((await reading).at(-1)?.job.status).toBe("cancelled");
  });

  it("survives readers that leave in the middle", async () => {
    const url = await post();
    const leaving = new AbortController();
    const answer = await fetch(`${url}/events`, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    await eventually(() => expect(sample.renderings).toHaveLength(1));
    for (let step = 1; step < 50; step++) sample.renderings[0].order.onProgress(step / 50);
    sample.renderings[0].finish(Buffer.from("sound"));
    await eventually(async () => expect((await (await fetch(url)).json()).status).toBe("done"));
  });

  it("cancels its jobs and ends its streams when it closes", async () => {
    const url = await post();
    let reading: Promise<Event[]> | undefined;
    await new Promise<void>((begun) => {
      reading = readEvents(url, begun);
    });
    await sample.app.close();
    expect((await reading)?.at(-1)?.job.status).toBe("cancelled");
  });

  it("composes to a chart, and gives the chart made beside the MIDI", async () => {
    const answer = await fetch(`${origin}/api/compositions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        ...{ instrument: "Piano", bars: 4, tracks: 1, seed: 7, format: ["mid"] },
        ...{ chart: "[Verse] | Am | F | C G | %", style: "jazz" },
      }),
    });
    expect(answer.status).toBe(202);
    const url = `${origin}${answer.headers.get("location")}`;
    const job = async () => await (await fetch(url)).json();
    await eventually(async () => expect((await job()).status).toBe("done"), 60_000);
    const { files } = await job();
    expect(files).toMatchObject([
      { name: "piano-7-1.mid", type: "audio/midi" },
      { name: "piano-7-1.chart.json", type: "application/json" },
    ]);
    const file = await fetch(new URL(files[1].url, origin));
    expect(file.headers.get("content-type")).toBe("application/json");
    const made = await file.text();
    expect(new TextEncoder().encode(made)).toHaveLength(files[1].bytes);
    const { bars, style } = parseChart(made);
    expect([STYLES[style ?? -1], bars.length, bars[0].section]).toEqual(["jazz", 4, "Verse"]);
    expect(bars[2].chords).toEqual(parseChart("C/G").bars[0].chords);
  });

  it("gives a byte range over the wire", async () => {
    const [{ file, bytes }] = sample.manifest.shards;
    const answer = await fetch(`${origin}/models/small/${file}`, {
      headers: { range: "bytes=8-15" },
    });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(`bytes 8-15/${bytes}`);
    expect((await answer.arrayBuffer()).byteLength).toBe(8);
  });
});

describe("the process", () => {
  const start = (env: Record<string, string>): ChildProcess =>
    spawn(
      process.execPath,
      ["--import", "tsx", join(packageRoot(), "server/main.ts")],
      // INIT_CWD and the like would not matter; PORT of the surroundings would.
      { cwd: packageRoot(), env: { ...process.env, ...env } },
    );
  const outputOf = (child: ChildProcess) => {
    const output = { out: "", err: "" };
    child.stdout?.on("data", (text) => {
      output.out += text;
    });
    child.stderr?.on("data", (text) => {
      output.err += text;
    });
    return output;
  };

  it.each(["SIGINT", "SIGTERM"] as const)("serves, and ends in order on %s", async (signal) => {
    const child = start({ PORT: "0" });
    const output = outputOf(child);
    await eventually(() => expect(output.out).toMatch(/^Cadenza plays on http:/), 20_000);
    const address = output.out.trim().split(" ").at(-1);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(output.err).toBe("");
  });

  it("says what to do about a port in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const child = start({ PORT: String(port) });
    const output = outputOf(child);
    expect((await once(child, "exit"))[0]).toBe(1);
    other.close();
    expect(output.err).toMatch(
      new RegExp(`^Port ${port} is in use; .* PORT=${port + 1} npm start\\.\n$`),
    );
    expect(output.out).toBe("");
  });

  it("says what is wrong with its settings", async () => {
    const child = start({ PORT: "eighty" });
    const output = outputOf(child);
    expect((await once(child, "exit"))[0]).toBe(2);
    expect(output.err).toBe('PORT is "eighty"; give a whole number from 0 to 65535.\n');
  });
});
