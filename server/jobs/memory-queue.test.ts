import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { eventually } from "../testing/eventually.ts";
import { hashOf } from "./blob-store.ts";
import { FolderBlobs } from "./folder-blobs.ts";
import type { JobState, JobTools } from "./job.ts";
import { Refused } from "./job-queue.ts";
import { DEFAULT_LIMITS, type JobLimits } from "./limits.ts";
import { MemoryQueue } from "./memory-queue.ts";

type Work = (tools: JobTools) => Promise<void>;

let parent: string;
let queue: MemoryQueue;
let reported: unknown[];
/** What jobs do, by their input. */
let works: Map<string, Work>;

const open = async (limits: Partial<JobLimits> = {}): Promise<void> => {
  reported = [];
  works = new Map();
  queue = new MemoryQueue({
    blobs: await FolderBlobs.open(parent),
    run: (_job, input, tools) => works.get(String(Buffer.from(input ?? [])))!(tools),
    limits: { ...DEFAULT_LIMITS, ...limits },
    report: (error) => reported.push(error),
    discreet: (sentence) => sentence.replace("/srv/kits", "kits"),
  });
};

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "cadenza-test-"));
});
afterEach(async () => {
  await queue.dispose();
  expect(await readdir(parent)).toEqual([]); // nothing is left on disk, whatever happened
  await rm(parent, { recursive: true });
});

const ORDER = { kind: "render", order: { format: "mp3", kit: "general", stems: false } } as const;

const submit = async (work: Work, client = "somebody", cost = 1): Promise<string> => {
  const name = `work ${works.size}`;
  works.set(name, work);
  const place = await queue.reserve(client);
  return (await place.submit(ORDER, Buffer.from(name), { cost, remarks: [] })).id;
};
const stateOf = (id: string): Promise<JobState | undefined> => queue.find("render", id);
const reach = (id: string, status: JobState["status"]): Promise<void> =>
  eventually(async () => expect((await stateOf(id))?.status).toBe(status));
const blobs = async (): Promise<string[]> => {
  const [folder] = await readdir(parent);
  return (await readdir(join(parent, folder))).filter((name) => name !== "owner.json");
};

/** Work that waits to be released, and gives up when it is aborted. */
function gate() {
  let release: () => void = () => undefined;
  let began = 0;
  const work: Work = ({ signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      began++;
      release = () => resolve();
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { work, release: () => release(), began: () => began };
}

const writing =
  (name: string, content = name): Work =>
  async (tools) => {
    const bytes = Buffer.from(content);
    tools.write({ name, type: "text/plain", content: bytes, hash: hashOf(bytes) });
  };

const nothing: Work = async () => undefined;

describe("MemoryQueue", () => {
  it("runs a client's jobs one at a time, in order, and keeps what they made", async () => {
    await open();
    const order: string[] = [];
    let running = 0;
    const work =
      (name: string): Work =>
      async (tools) => {
        expect(++running).toBe(1);
        order.push(name);
        tools.progress(0.5);
        await writing(`${name}.txt`)(tools);
        running--;
      };
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push(await submit(work(name)));
    await reach(ids[2], "done");
    expect(order).toEqual(["a", "b", "c"]);
    const state = await stateOf(ids[1]);
    expect(state).toMatchObject({ progress: 1, files: [{ name: "b.txt", bytes: 5 }] });
    expect(await text(queue.stream(state!.files[0], 0, 3))).toBe("b.tx");
  });

  it("keeps several files in the order in which they were made", async () => {
    await open();
    const id = await submit(async (tools) => {
      for (const name of ["long", "b", "c"]) {
        await writing(name, name.repeat(name === "long" ? 100_000 : 1))(tools);
      }
    });
    await reach(id, "done");
    expect((await stateOf(id))?.files.map(({ name }) => name)).toEqual(["long", "b", "c"]);
  });

  it("gives no more places than the queue has, held ones included", async () => {
    await open({ waiting: 1, running: 1 });
    const first = gate();
    await submit(first.work, "a");
    const held = await queue.reserve("b");
    await expect(queue.reserve("c")).rejects.toThrow(Refused);
    held.release();
    held.release();
    const last = await submit(gate().work, "b");
    await expect(queue.reserve("c")).rejects.toThrow(/queue is full/);
    await queue.remove(last);
    await expect(queue.reserve("c")).resolves.toBeDefined();
  });

  it("gives one client no more than its share, whatever is free", async () => {
    await open({ perClient: 2 });
    await submit(gate().work, "greedy");
    await submit(gate().work, "greedy");
    await expect(queue.reserve("greedy")).rejects.toThrow(/You have 2 jobs under way/);
    await expect(queue.reserve("other")).resolves.toBeDefined();
  });

  it("cancels a queued job, which never begins", async () => {
    await open();
    const first = gate();
    const second = gate();
    await submit(first.work);
    const id = await submit(second.work);
    await queue.remove(id);
    expect((await stateOf(id))?.status).toBe("cancelled");
    first.release();
    await eventually(() => expect(queue.load()).toMatchObject({ waiting: 0, running: 0 }));
    expect(second.began()).toBe(0);
    expect(await blobs()).toEqual([]);
  });

  it("cancels a running job and begins the next only when it has let go", async () => {
    await open();
    let letGo: (() => void) | undefined;
    const stubborn: Work = ({ signal }) =>
      new Promise((_, reject) => {
        letGo = () => reject(signal.reason);
      });
    const next = gate();
    const id = await submit(stubborn);
    await submit(next.work);
    await eventually(() => expect(letGo).toBeDefined());
    await queue.remove(id);
    expect((await stateOf(id))?.status).toBe("cancelled");
    await new Promise((later) => setTimeout(later, 20));
    expect(next.began()).toBe(0);
    letGo?.();
    await eventually(() => expect(next.began()).toBe(1));
    expect(reported).toEqual([]); // a cancelled job is no error
  });

  it("drops what a cancelled job had made so far", async () => {
    await open();
    const waiting = gate();
    const id = await submit(async (tools) => {
      await writing("part")(tools);
      await waiting.work(tools);
    });
    await eventually(async () => expect(await blobs()).toHaveLength(2));
    await queue.remove(id);
    await eventually(async () => expect(await blobs()).toEqual([]));
  });

  it("removes a finished job with its files", async () => {
    await open();
    const id = await submit(writing("a"));
    await reach(id, "done");
    await eventually(async () => expect(await blobs()).toHaveLength(1));
    await queue.remove(id);
    expect(await stateOf(id)).toBeUndefined();
    expect(await blobs()).toEqual([]);
  });

  it("passes a failure's sentence on without our folders, and nothing of a bug", async () => {
    await open();
    const failed = await submit(async () => {
      throw new Failure("unreadable", "The kit /srv/kits/x is broken; get another.");
    });
    const broken = await submit(async () => {
      throw new TypeError("undefined is not a function");
    });
    await reach(broken, "failed");
    expect((await stateOf(failed))?.message).toBe("The kit kits/x is broken; get another.");
    expect((await stateOf(broken))?.message).toMatch(/^Something failed on our side/);
    expect(reported).toHaveLength(1);
  });

  it("stops a job that runs too long", async () => {
    await open({ runFor: 20 });
    const id = await submit(gate().work);
    await reach(id, "failed");
    expect((await stateOf(id))?.message).toMatch(/took too long/);
  });

  it("stops a job that makes too much", async () => {
    await open({ jobBytes: 10 });
    const id = await submit(async (tools) => {
      await writing("a", "12345678")(tools);
      await writing("b", "12345678")(tools);
      await gate().work(tools);
    });
    await reach(id, "failed");
    expect((await stateOf(id))?.message).toMatch(/too large/);
    expect(await blobs()).toEqual([]);
  });

  it("lets nobody push out another's results, by jobs or by cancelled ones", async () => {
    await open({ kept: 2 });
    const mine = await submit(writing("mine"), "me");
    await reach(mine, "done");
    for (let pair = 0; pair < 5; pair++) {
      const id = await submit(gate().work, "greedy");
      await queue.remove(id);
    }
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      made.push(await submit(writing(`theirs ${n}`), "greedy"));
      await reach(made[n], "done");
    }
    expect((await stateOf(mine))?.status).toBe("done");
    expect((await stateOf(made[4]))?.status).toBe("done");
    expect(await stateOf(made[3])).toBeUndefined();
  });

  it("forgets a finished job after its time", async () => {
    await open({ keepFor: 20 });
    const id = await submit(writing("a"));
    await eventually(async () => expect(await stateOf(id)).toBeUndefined());
    await eventually(async () => expect(await blobs()).toEqual([]));
  });

  it("lets a short job pass two long ones of others", async () => {
    await open({ running: 2, short: 10 });
    const [first, second, third] = [gate(), gate(), gate()];
    await submit(first.work, "a", 100);
    await submit(second.work, "b", 100);
    await submit(third.work, "c", 1);
    await eventually(() => expect([first.began(), third.began()]).toEqual([1, 1]));
    expect(second.began()).toBe(0);
  });

  it("tells a kind's jobs apart", async () => {
    await open();
    const id = await submit(nothing);
    expect(await queue.find("composition", id)).toBeUndefined();
  });
});
