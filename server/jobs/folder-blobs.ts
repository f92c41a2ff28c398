/**
 * Blobs as files of a folder that lives as long as this process. What a killed server left behind is
 * found by the note of its owner and swept when the next one starts.
 */
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { BlobStore } from "./blob-store.ts";

const PREFIX = "cadenza-jobs-";
const OWNER = "owner.json";

interface Blob {
  readonly path: string;
  /** How often it was put and not removed. */
  uses: number;
  readonly written: Promise<void>;
}

/** A blob store in a folder of its own. */
export class FolderBlobs implements BlobStore {
  readonly #folder: string;
  readonly #blobs = new Map<string, Blob>();
  /** Makes every file's name new, so that removing one copy never touches the next. */
  #serial = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a store, and sweeps those whose servers are gone. @param parent where its folder is made */
  static async open(parent: string): Promise<FolderBlobs> {
    await sweep(parent);
    const folder = await mkdtemp(join(parent, PREFIX));
    const owner: Owner = { pid: process.pid, host: hostname() };
    await writeFile(join(folder, OWNER), JSON.stringify(owner));
    return new FolderBlobs(folder);
  }

  async put(hash: string, content: Uint8Array): Promise<void> {
    let blob = this.#blobs.get(hash);
    if (blob === undefined) {
      const path = join(this.#folder, `${hash}.${this.#serial++}`);
      blob = { path, uses: 0, written: write(path, content) };
      this.#blobs.set(hash, blob);
    }
    blob.uses++;
    try {
      await blob.written;
    } catch (error) {
      await this.remove(hash);
      throw error;
    }
  }

  async read(hash: string): Promise<Uint8Array> {
    return await readFile(this.#find(hash).path);
  }

  stream(hash: string, start: number, end: number): Readable {
    return createReadStream(this.#find(hash).path, { start, end });
  }

  async remove(hash: string): Promise<void> {
    const blob = this.#find(hash);
    if (--blob.uses > 0) return;
    this.#blobs.delete(hash);
    await Promise.allSettled([blob.written]);
    await rm(blob.path, { force: true });
  }

  async room(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled([...this.#blobs.values()].map(({ written }) => written));
    this.#blobs.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #find(hash: string): Blob {
    const blob = this.#blobs.get(hash);
    assert(blob !== undefined, `no blob ${hash}`);
    return blob;
  }
}

async function write(path: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    await rm(path, { force: true });
    throw new Failure(
      "unavailable",
      `The server could not keep a file (${(cause as NodeJS.ErrnoException).code}); try again later.`,
      { cause },
    );
  }
}

/** Who made a folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
}

/** Removes folders whose owner, a process of this machine, has ended. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(parent, name);
    const owner = await ownerOf(folder);
    if (owner === undefined || owner.host !== hostname() || isAlive(owner.pid)) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined where nobody wrote it down: a folder being made, or not ours to read. */
async function ownerOf(folder: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, OWNER), "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 asks only
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
