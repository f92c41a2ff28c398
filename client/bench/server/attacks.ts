/**
 * What people may do to a server, each for a bounded time and number of requests, and only to one
 * that was started for it on this machine.
 */
import { connect } from "node:net";
import { assert } from "#base/assert.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import { Attacker } from "./attacker.ts";

const UPLOADERS = 4;
const STORM = 10_000; // milliseconds
const PROBE_EVERY = 25; // milliseconds
const MOST_WAITING = 64;
const SLOW_CLIENTS = 60;
const PATIENCE = 60_000; // milliseconds

/** `seconds` of quarter notes of three instruments at 120 BPM. */
const song = (seconds: number): Uint8Array =>
  writeMidi(
    Array.from({ length: seconds * 2 }, (_, beat) =>
      [0, 2, 3].map((instrument) => ({
        instrument,
        pitch: 48 + ((beat * 7) % 24),
        velocity: 90,
        onset: beat * 8,
        duration: 8,
      })),
    ).flat(),
  );

/** A megabyte of keys struck and let go: as much to read as a body may hold. */
function heavyFile(): Uint8Array {
  const events = Buffer.concat(
    Array.from({ length: 174_000 }, (_, n) =>
      Buffer.from([
        n === 0 ? 0 : 1,
        ...(n === 0 ? [0x90] : []),
        40 + (n % 40),
        64,
        0,
        40 + (n % 40),
        0,
      ]),
    ),
  );
  const body = Buffer.concat([events, Buffer.from("00ff2f00", "hex")]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([Buffer.from("4d546864000000060000000101e04d54726b", "hex"), length, body]);
}

const sleep = (milliseconds: number) => new Promise((later) => setTimeout(later, milliseconds));

/** Milliseconds that /healthz takes while the queue is full and four clients upload what is heavy to read. */
export async function stallHealth(origin: string) {
  const fillers: Attacker[] = [];
  const long = song(590);
  let waiting = 0;
  let refused = false;
  for (let client = 0; client < MOST_WAITING && !refused; client++) {
    const filler = new Attacker(origin, `127.0.1.${client + 1}`);
    fillers.push(filler);
    let taken = true;
    for (let job = 0; taken && waiting < MOST_WAITING; job++) {
      taken = (await filler.render(long)).status === 202;
      if (taken) waiting++;
      else refused = job === 0; // a newcomer is refused: the queue is full
    }
  }
  const heavy = heavyFile();
  const uploaders = Array.from(
    { length: UPLOADERS },
    (_, n) => new Attacker(origin, `127.0.2.${n + 1}`),
  );
  const until = performance.now() + STORM;
  let uploads = 0;
  const storm = uploaders.map(async (uploader) => {
    while (performance.now() < until) {
      try {
        await uploader.render(heavy);
      } catch {
        await sleep(10); // the server cut it off, which is its right
      }
      uploads++;
    }
  });
  const prober = new Attacker(origin, "127.0.0.1");
  const times: number[] = [];
  while (performance.now() < until) {
    const began = performance.now();
    const { status } = await prober.send("GET", "/healthz");
    times.push(performance.now() - began);
    assert(status === 200, `/healthz answers ${status}`);
    await sleep(PROBE_EVERY);
  }
  await Promise.all(storm);
  for (const client of [...fillers, ...uploaders, prober]) client.dispose();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { waiting, uploads, probes: times.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Seconds until one client's render of two seconds is done beside another's of ten minutes. */
export async function waitForTurn(origin: string): Promise<{ seconds: number; done: boolean }> {
  const [other, client] = ["127.0.3.1", "127.0.3.2"].map((own) => new Attacker(origin, own));
  assert((await other.render(song(597))).status === 202, "the long render is taken");
  await sleep(500);
  const began = performance.now();
  const { headers } = await client.render(song(2));
  let status = "queued";
  while (!/done|failed/.test(status) && performance.now() - began < PATIENCE) {
    await sleep(100);
    status = JSON.parse((await client.send("GET", headers.location ?? "")).body).status;
  }
  for (const each of [other, client]) each.dispose();
  return { seconds: (performance.now() - began) / 1000, done: status === "done" };
}

/** Whether a client's finished result outlives another's pairs of posting and deleting. */
export async function evict(origin: string): Promise<{ pairs: number; kept: boolean }> {
  const [client, other] = ["127.0.4.1", "127.0.4.2"].map((own) => new Attacker(origin, own));
  const short = song(2);
  const address = (await client.render(short)).headers.location ?? "";
  const began = performance.now();
  const done = async () => /"done"/.test((await client.send("GET", address)).body);
  while (!(await done()) && performance.now() - began < PATIENCE) await sleep(100);
  let pairs = 0;
  for (let pair = 0; pair < 64; pair++) {
    const posted = await other.render(short);
    if (posted.status !== 202) continue;
    await other.send("DELETE", posted.headers.location ?? "");
    pairs++;
  }
  const kept = await done();
  for (const each of [client, other]) each.dispose();
  return { pairs, kept };
}

/** How many of sixty clients that never end their request are still held, and after how many seconds. */
export async function holdConnections(origin: string): Promise<{ held: number; seconds: number }> {
  const { hostname, port } = new URL(origin);
  let held = 0;
  const sockets = Array.from({ length: SLOW_CLIENTS }, (_, n) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      localAddress: `127.0.5.${n + 1}`,
    });
    socket.on("connect", () => {
      held++;
      socket.write("POST /api/renders HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: audio/midi\r\n");
      socket.write("content-length: 100000\r\n\r\nMThd");
    });
    socket.on("close", () => held--);
    socket.on("error", () => undefined); // being cut off is what is measured
    socket.resume();
    return socket;
  });
  const began = performance.now();
  await sleep(1000);
  while (held > 0 && performance.now() - began < PATIENCE) await sleep(500);
  const result = { held, seconds: (performance.now() - began) / 1000 };
  for (const socket of sockets) socket.destroy();
  return result;
}

/** What a browser whose name was bound to this machine afterwards is answered. */
export async function rebind(origin: string): Promise<number> {
  const client = new Attacker(origin, "127.0.0.1");
  const { status } = await client.send("GET", "/api/models", { host: "evil.example" });
  client.dispose();
  return status;
}
