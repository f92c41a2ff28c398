/** Foreign names, too many connections, and clients that never end what they began. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type SampleApp, type SampleOptions, sampleApp } from "./testing/sample-app.ts";

let sample: SampleApp;
const open = async (options: SampleOptions = {}): Promise<void> => {
  sample = await sampleApp(options);
};
afterEach(() => sample.close());

const statusFor = async (host: string): Promise<number> =>
  (await sample.app.inject({ url: "/api/models", headers: { host } })).statusCode;

describe("the guard", () => {
  it("answers to localhost, addresses and names that are allowed, and to nothing else", async () => {
    await open({ allowedHosts: ["Music.example"] });
    for (const host of ["localhost:8080", "127.0.0.1", "192.168.1.5:80", "[::1]:8080"]) {
      expect([host, await statusFor(host)]).toEqual([host, 200]);
    }
    expect(await statusFor("music.EXAMPLE:8443")).toBe(200);
    for (const host of ["evil.example", "localhost.evil.example", "music.example.evil", "a b"]) {
      expect([host, await statusFor(host)]).toEqual([host, 421]);
    }
  });

  it("does not hold what one address opens beyond measure", async () => {
    await open();
    await sample.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = sample.app.server.address() as { port: number };
    const sockets: Socket[] = [];
    let closed = 0;
    for (let n = 0; n < 70; n++) {
      const socket = connect(port, "127.0.0.1");
      socket.on("close", () => closed++);
      socket.on("error", () => undefined); // being cut off is what is tested
      socket.resume();
      sockets.push(socket);
      await once(socket, "connect");
    }
    await expect.poll(() => closed).toBe(6);
    for (const socket of sockets) socket.destroy();
  });

  it("lets go of requests that do not arrive", async () => {
    await open({ limits: { arrival: 300 } });
    await sample.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = sample.app.server.address() as { port: number };
    const slow = (text: string) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      socket.on("error", () => undefined); // as above
      socket.resume();
      return once(socket, "close");
    };
    const head = "POST /api/renders HTTP/1.1\r\nhost: localhost\r\n";
    await Promise.all([
      slow(head),
      slow(`${head}content-type: audio/midi\r\ncontent-length: 1000\r\n\r\nMThd`),
    ]);
  });
});
