import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf } from "./blob-store.ts";
import { FolderBlobs } from "./folder-blobs.ts";

/** Above every process id that Linux, macOS and Windows give out. */
const NOBODY = 2 ** 30;

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "cadenza-test-"));
});
afterEach(() => rm(parent, { recursive: true }));

const filesIn = async (): Promise<string[]> => {
  const [folder] = await readdir(parent);
  return (await readdir(join(parent, folder))).filter((name) => name !== "owner.json");
};

describe("FolderBlobs", () => {
  it("keeps content by its hash until every put is taken back", async () => {
    const blobs = await FolderBlobs.open(parent);
    const content = Buffer.from("0123456789");
    const hash = hashOf(content);
    await Promise.all([blobs.put(hash, content), blobs.put(hash, content)]);
    expect(await filesIn()).toHaveLength(1);
    expect(Buffer.from(await blobs.read(hash))).toEqual(content);
    expect(await text(blobs.stream(hash, 2, 4))).toBe("234");
    await blobs.remove(hash);
    expect(await filesIn()).toHaveLength(1);
    // Put again while the last is being removed: the new one stays.
    await Promise.all([blobs.remove(hash), blobs.put(hash, content)]);
    expect(Buffer.from(await blobs.read(hash))).toEqual(content);
    await blobs.dispose();
    expect(await readdir(parent)).toEqual([]);
  });

  it("says so where a file cannot be kept", async () => {
    const blobs = await FolderBlobs.open(parent);
    const [folder] = await readdir(parent);
    await rm(join(parent, folder), { recursive: true });
    const failing = blobs.put(hashOf(Buffer.from("x")), Buffer.from("x"));
    await expect(failing).rejects.toThrow("could not keep a file (ENOENT); try again later.");
    await blobs.dispose();
  });

  it("sweeps what killed servers left, and nothing else", async () => {
    const leave = async (name: string, owner?: object) => {
      await mkdir(join(parent, name));
      await writeFile(join(parent, name, "result"), "x");
      if (owner) await writeFile(join(parent, name, "owner.json"), JSON.stringify(owner));
    };
    await leave("cadenza-jobs-dead", { pid: NOBODY, host: hostname() });
    await leave("cadenza-jobs-alive", { pid: process.pid, host: hostname() });
    await leave("cadenza-jobs-elsewhere", { pid: NOBODY, host: "another.example" });
    await leave("cadenza-jobs-young");
    await leave("holiday-pictures", { pid: NOBODY, host: hostname() });
    const blobs = await FolderBlobs.open(parent);
    const left = (await readdir(parent)).filter((name) => /dead|alive|else|young|pict/.test(name));
    expect(left.sort()).toEqual([
      "cadenza-jobs-alive",
      "cadenza-jobs-elsewhere",
      "cadenza-jobs-young",
      "holiday-pictures",
    ]);
    await blobs.dispose();
  });
});
