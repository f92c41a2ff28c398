/**
 * Reading and writing for commands. What is written appears whole or not at all: it goes to a file
 * beside its place and is renamed.
 */
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure } from "#base/failure.ts";

/**
 * Reads a file of at most `limit` bytes.
 * @throws Failure "usage" where it is missing or a folder, "too-large", "unavailable"
 */
export async function readInput(path: string, limit: number): Promise<Buffer> {
  const info = await stat(path).catch((cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new Failure("usage", `There is no file ${path}; check its name.`);
    }
    throw new Failure("unavailable", `${path} cannot be read (${code}); check its rights.`, {
      cause,
    });
  });
  if (info.isDirectory()) throw new Failure("usage", `${path} is a folder; name a file in it.`);
  if (info.size > limit) throw tooLarge(path, info.size, limit);
  try {
    const file = await open(path);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Failure("unavailable", `${path} cannot be read (${code}); check its rights.`, {
      cause,
    });
  }
}

const tooLarge = (path: string, bytes: number, limit: number): Failure =>
  new Failure(
    "too-large",
    `${path} has ${bytes} bytes and the limit is ${limit}; choose another file.`,
  );

/** Makes a folder and those above it. @throws Failure "unavailable" */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Failure(
      "unavailable",
      `The folder ${path} cannot be made (${code}); choose another.`,
      {
        cause,
      },
    );
  }
}

/** Writes a whole file, in place of one that is there. @throws Failure "unavailable" */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new Failure("unavailable", `${path} cannot be written (${code}); choose another place.`, {
      cause,
    });
  }
}
