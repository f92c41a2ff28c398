/** A model's folder on disk as the source its loader reads from: Node's counterpart of `httpSource`. */
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { ByteSource } from "#model/weights/byte-source.ts";

/** A folder that holds manifest.json and shards. @param folder path of the folder */
export function folderSource(folder: string): ByteSource {
  return {
    location: folder,
    async *read(file, signal) {
      assert(file === basename(file), `"${file}" must be a plain file name`);
      const path = join(folder, file);
      try {
        for await (const piece of createReadStream(path, { signal })) yield piece as Buffer;
      } catch (cause) {
        if (signal.aborted) throw signal.reason;
        const { code } = cause as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ENOTDIR") {
          throw new Failure("not-found", `There is no ${path}; name a folder that holds a model.`);
        }
        throw new Failure("unavailable", `${path} cannot be read (${code}); check its rights.`, {
          cause,
        });
      }
    },
  };
}
