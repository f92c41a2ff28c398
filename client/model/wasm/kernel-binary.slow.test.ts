import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("the kernel that is committed is what its source compiles to", async () => {
  const root = join(import.meta.dirname, "../../..");
  const script = ["--import", "tsx", "build-kernel.ts", "--check"];
  const run = promisify(execFile)(process.execPath, script, { cwd: root });
  await expect(run).resolves.toMatchObject({ stderr: "" });
}, 300_000);
