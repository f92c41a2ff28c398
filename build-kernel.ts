/**
 * Compiles the CPU backend's kernel, AssemblyScript in client/model/wasm/assembly, into a TypeScript module that
 * holds it as base64: a few KB that need no request of their own, neither in Node nor in the page's bundle.
 * `--check` writes nothing and fails where the module is not what the source compiles to.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const FOLDER = "client/model/wasm";
const MODULE = `${FOLDER}/kernel-binary.ts`;

const root = new URL("./", import.meta.url);
const text = moduleOf(await compiled());
const module = new URL(MODULE, root);
if (process.argv.includes("--check")) {
  if ((await readFile(module, "utf8")) !== text) {
    process.stderr.write(
      `${MODULE} is not what the kernel compiles to; run npm run build-kernel.\n`,
    );
    process.exitCode = 1;
  }
} else await writeFile(module, text);

async function compiled(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compile(
    [
      `${FOLDER}/assembly/kernel.ts`,
      ...["--baseDir", fileURLToPath(root), "--outFile", "kernel.wasm"],
      ...["--enable", "simd", "--runtime", "stub", "--noAssert", "--optimize", "-O3"],
      // AS112: functions between our own files pass v128, which JavaScript never sees.
      ...["--disableWarning", "112"],
    ],
    {
      writeFile: (_, contents) => {
        if (typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error || !binary)
    throw new Error(`The kernel does not compile.\n${stderr}`, { cause: error });
  if (stderr.toString() !== "") throw new Error(`The compiler warns.\n${stderr}`);
  return binary;
}

function moduleOf(binary: Uint8Array): string {
  return [
    "/** The kernel as WebAssembly, base64; made from assembly/ by `npm run build-kernel`, not written by hand. */",
    "export const KERNEL =",
    `  "${Buffer.from(binary).toString("base64")}";`,
    "",
  ].join("\n");
}
