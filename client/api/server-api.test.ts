/** The page's end of HTTP against a real server with canned answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ServerApi } from "./server-api.ts";

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const running = createServer(answer);
  server = running;
  await new Promise<void>((resolve) => running.listen(0, "127.0.0.1", resolve));
  const { port } = running.address() as AddressInfo;
  return new ServerApi(new URL(`http://127.0.0.1:${port}/?seed=1`));
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  type = "application/json",
) => {
  response.writeHead(status, { "content-type": type });
  response.end(JSON.stringify(body));
};

describe("ServerApi", () => {
  it("renders through a job and tells its progress", async () => {
    const seen: string[] = [];
    let asked = 0;
    const api = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.method === "POST")
        json(response, 202, { id: "j1", status: "queued", progress: 0 });
      else if (request.url === "/api/renders/j1") {
        asked++;
        const status = asked < 3 ? "running" : "done";
        json(response, 200, { id: "j1", status, progress: asked / 3 });
      } else {
        response.writeHead(200, { "content-type": "audio/mpeg" });
        response.end("sound");
      }
    });
    const progress: number[] = [];
    const blob = await api.render(new Uint8Array([1]), "mp3", (share) => progress.push(share));
    expect(await blob.text()).toBe("sound");
    expect(blob.type).toBe("audio/mpeg");
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
    expect(seen[0]).toBe("POST /api/renders?format=mp3");
    expect(seen.at(-1)).toBe("GET /api/renders/j1/audio");
  });

  it("asks once which model plays, and goes on with it when the server is gone", async () => {
    let broken = true;
    let asked = 0;
    const api = await serve((_, response) => {
      asked++;
      if (broken) response.writeHead(503).end();
      else json(response, 200, { default: "band", models: [] });
    });
    await expect(api.defaultModel()).rejects.toThrow("The server answered 503");
    broken = false;
    expect(await api.defaultModel()).toBe("band");
    server?.closeAllConnections();
    server?.close();
    expect(await api.defaultModel()).toBe("band");
    expect(asked).toBe(2);
  });

  it("says the server's own sentence where it gives one", async () => {
    const api = await serve((_, response) =>
      json(
        response,
        429,
        { title: "Busy", detail: "Too much to do; try in 5 s." },
        "application/problem+json",
      ),
    );
    await expect(api.text("/x")).rejects.toThrow("Too much to do; try in 5 s.");
  });

  it("says a failed job's reason", async () => {
    const api = await serve((_, response) =>
      json(response, 202, { id: "j", status: "failed", progress: 0, error: "The kit is broken." }),
    );
    await expect(api.render(new Uint8Array(), "wav", () => undefined)).rejects.toThrow(
      "The kit is broken.",
    );
  });

  it("says what to do without a model, without a server, and for a plain refusal", async () => {
    const none = await serve((_, response) => json(response, 200, { default: null, models: [] }));
    await expect(none.defaultModel()).rejects.toThrow(/no model: put one/);
    server?.close();
    server = undefined;
    await expect(none.text("/x")).rejects.toThrow(/does not answer|The server answered/);
    const plain = await serve((_, response) => response.writeHead(500).end());
    await expect(plain.bytes("/y")).rejects.toThrow(
      "The server answered 500 for /y: reload the page.",
    );
  });
});
