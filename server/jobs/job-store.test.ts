import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { eventually } from "../testing/eventually.ts";
import type { JobState, Work } from "./job.ts";
import { DEFAULT_LIMITS, type JobLimits, JobStore, QueueFull } from "./job-store.ts";

let parent: string;
let store: JobStore;
let reported: unknown[];

const open = async (limits: Partial<JobLimits> = {}): Promise<void> => {
  reported = [];
  const all = { ...DEFAULT_LIMITS, ...limits };
  store = await JobStore.open(parent, all, (error) => reported.push(error));
};

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "cadenza-test-"));
});
afterEach(async () => {
  await store.dispose();
  expect(await readdir(parent)).toEqual([]); // nothing is left on disk, whatever happened
  await rm(parent, { recursive: true });
});

const submit = (work: Work): string => store.submit("render", work).id;
const stateOf = (id: string): JobState | undefined => store.find("render", id);
const reach = (id: string, status: JobState["status"]): Promise<void> =>
  eventually(() => expect(stateOf(id)?.status).toBe(status));

/** Work that waits to be released, and gives up when it is aborted. */
function gate() {
  let release: () => void = () => undefined;
  let began = 0;
  const work: Work = ({ signal }) =>
    new Promise((resolve, reject) => {
      began++;
      release = () => resolve([]);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  return { work, release: () => release(), began: () => began };
}

describe("JobStore", () => {
  it("runs one job at a time, in order, and keeps what it made", async () => {
    await open();
    const order: string[] = [];
    let running = 0;
    const work =
      (name: string): Work =>
      async (tools) => {
        expect(++running).toBe(1);
        order.push(name);
        tools.progress(0.5);
        const file = await tools.writeFile(`${name}.txt`, "text/plain", Buffer.from(name));
        running--;
        return [file];
      };
    const ids = ["a", "b", "c"].map((name) => submit(work(name)));
    expect(ids.map((id) => stateOf(id)?.status)).toEqual(["running", "queued", "queued"]);
    await reach(ids[2], "done");
    expect(order).toEqual(["a", "b", "c"]);
    expect(stateOf(ids[1])).toMatchObject({ progress: 1, files: [{ name: "b.txt", bytes: 1 }] });
  });

  it("refuses what the queue has no room for, and takes it again later", async () => {
    await open({ waiting: 2 });
    const first = gate();
    submit(first.work);
    submit(gate().work);
    const last = submit(gate().work);
    expect(() => submit(gate().work)).toThrow(QueueFull);
    await store.remove(last);
    expect(() => submit(gate().work)).not.toThrow();
  });

  it("cancels a queued job, which never begins", async () => {
    await open();
    const first = gate();
    const second = gate();
    submit(first.work);
    const id = submit(second.work);
    await store.remove(id);
    expect(stateOf(id)?.status).toBe("cancelled");
    first.release();
    await eventually(() => expect(store.waiting).toBe(0));
    expect(second.began()).toBe(0);
  });

  it("cancels a running job and begins the next only when it has let go", async () => {
    await open();
    let letGo: () => void = () => undefined;
    const stubborn: Work = ({ signal }) =>
      new Promise((_, reject) => {
        letGo = () => reject(signal.reason);
      });
    const next = gate();
    const id = submit(stubborn);
    submit(next.work);
    await store.remove(id);
    expect(stateOf(id)?.status).toBe("cancelled");
    await new Promise((later) => setTimeout(later, 20));
    expect(next.began()).toBe(0);
    letGo();
    await eventually(() => expect(next.began()).toBe(1));
    expect(reported).toEqual([]); // a cancelled job is no error
  });

  it("removes a finished job with its files", async () => {
    await open();
    const id = submit(async (tools) => [await tools.writeFile("a", "x/y", Buffer.from("a"))]);
    await reach(id, "done");
    const path = stateOf(id)?.files[0].path ?? "";
    expect(existsSync(path)).toBe(true);
    await store.remove(id);
    expect(stateOf(id)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });

  it("passes a failure's sentence on, and nothing of a bug", async () => {
    await open();
    const failed = submit(async () => {
      throw new Failure("unreadable", "The kit is broken; get another.");
    });
    const broken = submit(async () => {
      throw new TypeError("undefined is not a function");
    });
    await reach(broken, "failed");
    expect(stateOf(failed)?.message).toBe("The kit is broken; get another.");
    expect(stateOf(broken)?.message).toMatch(/^Something failed on our side/);
    expect(reported).toHaveLength(1);
  });

  it("stops a job that runs too long", async () => {
    await open({ runFor: 20 });
    const id = submit(gate().work);
    await reach(id, "failed");
    expect(stateOf(id)?.message).toMatch(/took too long/);
  });

  it("forgets the oldest finished jobs past the number kept", async () => {
    await open({ kept: 2 });
    const ids = [1, 2, 3].map(() => submit(async () => []));
    await reach(ids[2], "done");
    expect(ids.map((id) => stateOf(id)?.status)).toEqual([undefined, "done", "done"]);
  });

  it("forgets a finished job after its time", async () => {
    await open({ keepFor: 20 });
    const id = submit(async (tools) => [await tools.writeFile("a", "x/y", Buffer.from("a"))]);
    await eventually(() => expect(stateOf(id)).toBeUndefined());
  });

  it("tells a kind's jobs apart", async () => {
    await open();
    const id = submit(async () => []);
    expect(store.find("composition", id)).toBeUndefined();
  });
});
