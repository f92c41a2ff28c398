/** The bundled server: its threads are files of their own there, so rendering and composing are tried once. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RENDER_TAIL } from "#sound/offline.ts";
import { packageRoot } from "./package-root.ts";
import { type BuiltServer, startBuiltServer } from "./testing/built-server.ts";
import { decode, peakOf } from "./testing/decode-audio.ts";
import { eventually } from "./testing/eventually.ts";
import { SAMPLE_MIDI } from "./testing/sample-app.ts";

let server: BuiltServer;
let origin = "";
beforeAll(async () => {
  server = await startBuiltServer();
  origin = server.origin;
});
afterAll(async () => {
  expect(await server.stop()).toEqual([0, null]);
});

interface JobView {
  readonly status: string;
  readonly error?: string;
  readonly files: { readonly name: string; readonly url: string }[];
}

async function finished(answer: Response): Promise<JobView> {
  expect(answer.status).toBe(202);
  const url = `${origin}${answer.headers.get("location")}`;
  const view = async (): Promise<JobView> => await (await fetch(url)).json();
  await eventually(
    async () => expect((await view()).status).not.toMatch(/queued|running/),
    240_000,
  );
  return await view();
}

const audioOf = async (url: string) =>
  await decode(new Uint8Array(await (await fetch(`${origin}${url}`)).arrayBuffer()));

describe("the built server", () => {
  it("serves a page whose every file is there, kept for good, and isolated", async () => {
    const index = await fetch(origin);
    expect(index.headers.get("cache-control")).toBe("no-cache");
    expect(index.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    const files = [...(await index.text()).matchAll(/"(assets\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const answer = await fetch(`${origin}/${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      expect(answer.headers.get("cache-control")).toContain("immutable");
    }
    const script = await (
      await fetch(`${origin}/${files.find((file) => /js$/.test(file))}`)
    ).text();
    const binaries = [...script.matchAll(/tfjs-backend-wasm[a-z-]*-[\w-]{8}\.wasm/g)];
    expect(binaries).toHaveLength(3);
    for (const [binary] of binaries) {
      const answer = await fetch(`${origin}/assets/${binary}`, { method: "HEAD" });
      expect([binary, answer.status]).toEqual([binary, 200]);
      expect(answer.headers.get("content-type")).toBe("application/wasm");
      expect(answer.headers.get("cache-control")).toContain("immutable");
    }
  });

  it("gives compressed copies to whoever takes them", async () => {
    const [, file] = /src="(assets\/[^"]+)"/.exec(await (await fetch(origin)).text())!;
    const lengths: number[] = [];
    for (const encoding of ["br", "gzip", "identity"]) {
      const headers = { "accept-encoding": encoding };
      const answer = await fetch(`${origin}/${file}`, { method: "HEAD", headers });
      const expected = encoding === "identity" ? null : encoding;
      expect([encoding, answer.headers.get("content-encoding")]).toEqual([encoding, expected]);
      expect(answer.headers.get("vary")).toMatch(/accept-encoding/i);
      expect(answer.headers.get("cache-control")).toContain("immutable");
      expect(answer.headers.get("content-type")).toMatch(/javascript/);
      lengths.push(Number(answer.headers.get("content-length")));
    }
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(lengths[0]).toBeLessThan(lengths[2] / 2);
  });

  it("bundles nothing into the page that is not told in THIRD-PARTY.md", async () => {
    const assets = join(packageRoot(), "dist/client/assets");
    const maps = (await readdir(assets)).filter((file) => file.endsWith(".map"));
    const texts = await Promise.all(maps.map((file) => readFile(join(assets, file), "utf8")));
    const sources = texts.flatMap((text) => JSON.parse(text).sources as string[]);
    const packages = sources.flatMap((source) => {
      const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
      return name === undefined ? [] : [name.replace("@tensorflow/", "")];
    });
    const told = (await readFile(join(packageRoot(), "THIRD-PARTY.md"), "utf8")).toLowerCase();
    expect(packages.length).toBeGreaterThan(100);
    expect([...new Set(packages)].filter((name) => !told.includes(name))).toEqual([]);
  });

  it("renders", async () => {
    const headers = { "content-type": "audio/midi" };
    const body = Uint8Array.from(SAMPLE_MIDI);
    const job = await finished(
      await fetch(`${origin}/api/renders`, { method: "POST", headers, body }),
    );
    expect(job).toMatchObject({ status: "done" });
    const audio = await audioOf(job.files[0].url);
    expect(audio.duration).toBeGreaterThanOrEqual(2 + RENDER_TAIL);
    expect(peakOf(audio)).toBeGreaterThan(0.02);
  });

  it("composes", async () => {
    const job = await finished(
      await fetch(`${origin}/api/compositions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ instrument: "Violin", drums: true, bars: 2, seed: 7 }),
      }),
    );
    expect(job).toMatchObject({ status: "done" });
    const files = ["mid", "chart.json", "mp3"].map((ending) => `violin-7-1.${ending}`);
    expect(job.files.map((file) => file.name)).toEqual(files);
    expect(peakOf(await audioOf(job.files[2].url))).toBeGreaterThan(0.02);
  });
});
