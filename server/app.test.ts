import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "./package-root.ts";
import { SAMPLE_MIDI, type SampleApp, sampleApp } from "./testing/sample-app.ts";
import { KIT_FILE } from "./testing/sample-kit.ts";

let sample: SampleApp;
beforeAll(async () => {
  sample = await sampleApp();
});
afterAll(() => sample.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  sample.app.inject({ url, headers });

describe("models", () => {
  it("lists usable models and the one that plays by default", async () => {
    const answer = await get("/api/models");
    expect(answer.statusCode).toBe(200);
    const { default: preferred, models } = answer.json();
    expect(preferred).toBe("small");
    expect(models).toHaveLength(1); // the broken one is left out
    expect(models[0]).toMatchObject({
      id: "small",
      manifest: "/models/small/manifest.json",
      bytes: sample.manifest.shards[0].bytes,
    });
  });

  it("serves the manifest anew and the shards for good", async () => {
    const manifest = await get("/models/small/manifest.json");
    expect(manifest.json()).toEqual(sample.manifest);
    expect(manifest.headers["cache-control"]).toBe("no-cache");
    expect(manifest.headers["content-type"]).toBe("application/json; charset=utf-8");
    const again = await get("/models/small/manifest.json", {
      "if-none-match": String(manifest.headers.etag),
    });
    expect([again.statusCode, again.body]).toEqual([304, ""]);

    const [{ file, sha256 }] = sample.manifest.shards;
    const shard = await get(`/models/small/${file}`);
    expect(createHash("sha256").update(shard.rawPayload).digest("hex")).toBe(sha256);
    expect(shard.headers).toMatchObject({
      etag: `"${sha256}"`,
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "application/octet-stream",
      "accept-ranges": "bytes",
    });
  });

  it("serves byte ranges", async () => {
    const [{ file, bytes, sha256 }] = sample.manifest.shards;
    const url = `/models/small/${file}`;
    const whole = (await get(url)).rawPayload;
    const ranges: [string, number, number][] = [
      ["bytes=0-9", 0, 9],
      ["bytes=10-", 10, bytes - 1],
      ["bytes=-5", bytes - 5, bytes - 1],
      [`bytes=5-${bytes + 100}`, 5, bytes - 1],
    ];
    for (const [range, start, end] of ranges) {
      const part = await get(url, { range });
      expect(part.statusCode).toBe(206);
      expect(part.headers["content-range"]).toBe(`bytes ${start}-${end}/${bytes}`);
      expect(part.rawPayload.equals(whole.subarray(start, end + 1))).toBe(true);
    }
    const past = await get(url, { range: `bytes=${bytes}-` });
    expect(past.statusCode).toBe(416);
    expect(past.headers["content-range"]).toBe(`bytes */${bytes}`);
    // A range of another content is none: the whole file comes.
    expect((await get(url, { range: "bytes=0-9", "if-range": '"other"' })).statusCode).toBe(200);
    const same = await get(url, { range: "bytes=0-9", "if-range": `"${sha256}"` });
    expect(same.statusCode).toBe(206);
    // Nonsense is ignored, as RFC 9110 wants.
    expect((await get(url, { range: "bytes=9-3" })).statusCode).toBe(200);
    expect((await get(url, { range: "notes=1-2" })).statusCode).toBe(200);
  });

  it("answers HEAD with the headers alone", async () => {
    const [{ file, bytes }] = sample.manifest.shards;
    const answer = await sample.app.inject({ method: "HEAD", url: `/models/small/${file}` });
    expect([answer.statusCode, answer.body]).toEqual([200, ""]);
    expect(Number(answer.headers["content-length"])).toBe(bytes);
  });
});

describe("presets", () => {
  it("lists kits, scenes and machines and serves them", async () => {
    const { kits, scenes, machines } = (await get("/api/presets")).json();
    expect(kits).toEqual([
      { id: "general", name: "Sample", bytes: 1200, url: "/presets/kits/general/kit.json" },
    ]);
    expect(scenes).toEqual([{ id: "dusk", name: "Dusk", url: "/presets/scenes/dusk.json" }]);
    expect((await get(scenes[0].url)).json()).toEqual({ name: "Dusk", tempo: 80 });
    expect(machines).toEqual([
      { id: "box", name: "Box", drums: true, url: "/presets/machines/box.json" },
    ]);
    expect((await get(machines[0].url)).json()).toEqual({ name: "Box" });
    expect((await get("/presets/machines/index.json")).statusCode).toBe(404);
    const index = await get(kits[0].url);
    expect(index.headers["cache-control"]).toBe("no-cache");
    expect(index.json().id).toBe("general");
    const samples = await get(`/presets/kits/general/${KIT_FILE}`, { range: "bytes=90-99" });
    expect([samples.statusCode, samples.rawPayload.length]).toEqual([206, 10]);
    expect(samples.headers["cache-control"]).toContain("immutable");
  });
});

describe("the page", () => {
  it("serves index.html anew and assets for good", async () => {
    const index = await get("/");
    expect(index.body).toContain("<title>Cadenza</title>");
    expect(index.headers["cache-control"]).toBe("no-cache");
    const script = await get("/assets/main-abc.js");
    expect(script.headers["content-type"]).toMatch(/^(text|application)\/javascript/);
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  it("says how to build it where it is not built", async () => {
    const bare = await sampleApp({ pageless: true });
    const answer = await bare.app.inject("/");
    expect(answer.statusCode).toBe(503);
    expect(answer.json().detail).toMatch(/npm run build/);
    const ready = await bare.app.inject("/readyz");
    expect(ready.statusCode).toBe(503);
    expect(ready.json().detail).toMatch(/lacks the page/);
    await bare.close();
  });
});

describe("safety", () => {
  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt",
    "/models/../../secret.txt",
    "/models/..%2f..%2fsecret.txt",
    "/models/small/..%2f..%2f..%2fsecret.txt",
    "/models/%2e%2e/manifest.json",
    "/models/small%00/manifest.json",
    "/presets/kits/general/..%2f..%2f..%2fsecret.txt",
    "/presets/kits/..%2f..%2f/secret.txt",
    "/presets/scenes/..%2f..%2fsecret.txt",
    "//secret.txt",
    "/%5c..%5csecret.txt",
    "/%zz",
  ])("lets nothing out of its folders: %s", async (url) => {
    const answer = await get(url);
    expect([400, 403, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toBe("secret");
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  });

  it.each(["/", "/nowhere", "/api/models", "/healthz"])("isolates and guards %s", async (url) => {
    const { headers } = await get(url);
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "x-content-type-options": "nosniff",
      "permissions-policy": "midi=(self), camera=(), geolocation=(), microphone=(self)",
    });
    const scripts = /script-src ([^;]+)/.exec(String(headers["content-security-policy"]))?.[1];
    expect(scripts).toBe("'self' 'wasm-unsafe-eval'");
  });

  it("answers unknown addresses with a problem", async () => {
    const answer = await get("/nowhere");
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(answer.json()).toEqual({
      type: "about:blank",
      title: "Not Found",
      status: 404,
      detail: "There is nothing at this address; /docs lists the routes.",
    });
  });

  it("answers wrong methods with those that an address takes", async () => {
    for (const [method, url, allow] of [
      ["PUT", "/api/renders", "POST"],
      ["POST", "/api/models?x=1", "GET, HEAD"],
      ["POST", "/api/renders/some-id", "DELETE, GET, HEAD"],
      ["DELETE", "/healthz", "GET, HEAD"],
    ] as const) {
      const answer = await sample.app.inject({ method, url });
      expect([url, answer.statusCode, answer.headers.allow]).toEqual([url, 405, allow]);
      expect(answer.json().detail).toMatch(/it takes/);
    }
    expect((await sample.app.inject({ method: "POST", url: "/nowhere" })).statusCode).toBe(404);
  });

  it("says nowhere where its files lie", async () => {
    const bare = await sampleApp();
    await rm(join(bare.folder, "presets/kits"), { recursive: true });
    const answer = await bare.app.inject({
      ...{ method: "POST", url: "/api/renders", payload: SAMPLE_MIDI },
      headers: { "content-type": "audio/midi" },
    });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().detail).toBe("There is no kit in presets/kits; put one there.");
    await bare.close();
  });

  it("names no path of this machine in any answer of any route, whole or broken", async () => {
    const bare = await sampleApp();
    const { paths } = (await bare.app.inject("/docs/openapi.json")).json();
    const ask = async (): Promise<string[]> => {
      const bodies: string[] = [];
      for (const [address, methods] of Object.entries<object>(paths)) {
        for (const method of Object.keys(methods).map((name) => name.toUpperCase() as "GET")) {
          for (const id of ["small", "general", "x", "..%2fx", "kit.json"]) {
            const url = address.replaceAll(/\{[^}]+\}/g, id);
            const { headers, body } = await bare.app.inject({ method, url, payload: "{" });
            bodies.push(`${method} ${url} ${JSON.stringify(headers)} ${body}`);
          }
        }
      }
      return bodies;
    };
    const answers = await ask();
    for (const folder of ["presets/models/small/manifest.json", "presets/kits/general/kit.json"]) {
      await writeFile(join(bare.folder, folder), "{ broken");
    }
    answers.push(...(await ask()));
    await rm(join(bare.folder, "presets"), { recursive: true });
    answers.push(...(await ask()));
    expect(answers.length).toBeGreaterThan(200);
    const ours = [bare.folder, tmpdir(), packageRoot(), homedir(), "file://"].filter(
      (path) => path !== "/",
    );
    const telling = answers.filter((text) => ours.some((path) => text.includes(path)));
    expect(telling).toEqual([]);
    await bare.close();
  });

  it("tells nothing of its own errors", async () => {
    const broken = await sampleApp();
    broken.app.get("/broken", async () => {
      throw new TypeError("the password is swordfish");
    });
    const answer = await broken.app.inject("/broken");
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/swordfish|TypeError|\.ts/);
    await broken.close();
  });
});

describe("operation", () => {
  it("lives and is ready", async () => {
    expect((await get("/healthz")).json()).toEqual({ status: "alive" });
    expect((await get("/readyz")).json()).toEqual({ status: "ready" });
  });

  it("is not ready without the files of the sounds and the weights", async () => {
    const bare = await sampleApp();
    await rm(join(bare.folder, "presets/kits/general", KIT_FILE));
    const [{ file }] = bare.manifest.shards;
    await writeFile(join(bare.folder, "presets/models/small", file), "cut short");
    const answer = await bare.app.inject("/readyz");
    expect(answer.statusCode).toBe(503);
    expect(answer.json().detail).toContain(`the weights small/${file}`);
    expect(answer.json().detail).toContain(`the sounds general/${KIT_FILE}`);
    await bare.close();
  });

  it("is not ready where the disk has no room for results", async () => {
    const full = await sampleApp({ limits: { jobs: { jobBytes: Number.MAX_SAFE_INTEGER } } });
    expect((await full.app.inject("/readyz")).json().detail).toMatch(/room on the disk/);
    await full.close();
  });

  it("tells figures of jobs and of the event loop", async () => {
    const { headers, body } = await get("/metrics");
    expect(headers["content-type"]).toContain("text/plain; version=0.0.4");
    expect(body).toMatch(/cadenza_loop_delay_seconds\{quantile="0.99"\} \d/);
    expect(body).toMatch(/cadenza_jobs_waiting 0/);
    expect(body).toMatch(/# TYPE cadenza_job_duration_seconds histogram/);
    expect(body).toMatch(/# TYPE cadenza_streams_cut_total counter/);
  });

  it("counts requests by route, not by address", async () => {
    await get("/models/none/manifest.json");
    const { body } = await get("/metrics");
    expect(body).toMatch(
      /cadenza_http_requests_total\{method="GET",route="\/models\/:id\/manifest.json",status="404"\} \d/,
    );
    expect(body).not.toContain("/models/none");
    const count = Number(/_seconds_count (\d+)/.exec(body)?.[1]);
    const infinite = Number(/le="\+Inf"\} (\d+)/.exec(body)?.[1]);
    expect(count).toBeGreaterThan(0);
    expect(infinite).toBe(count);
  });

  it("describes every route of the contract", async () => {
    const { paths } = (await get("/docs/openapi.json")).json();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        "GET /api/models",
        "GET /models/{id}/manifest.json",
        "GET /models/{id}/{shard}",
        "GET /api/presets",
        "POST /api/renders",
        "GET /api/renders/{id}",
        "GET /api/renders/{id}/events",
        "GET /api/renders/{id}/audio",
        "DELETE /api/renders/{id}",
        "POST /api/compositions",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /docs",
      ]),
    );
    const post = paths["/api/renders"].post;
    expect(Object.keys(post.requestBody.content)).toContain("audio/midi");
    const job = post.responses["202"].content["application/json"].schema;
    expect(Object.keys(job.properties)).toEqual(expect.arrayContaining(["id", "status", "files"]));
    const refusal = post.responses["429"].content["application/problem+json"].schema;
    expect(refusal.required).toContain("detail");
    const page = await get("/docs");
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    for (const path of Object.keys(paths)) {
      expect(page.body).toContain(path.replace(/\{(\w+)\}/g, ":$1"));
    }
    expect(page.body).not.toContain("<script");
  });
});
