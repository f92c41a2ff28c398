/** `npm run dev`: builds page and server, serves them, and does both again after every change of a source. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { watch } from "rollup";
import { loadConfigFile } from "rollup/loadConfigFile";

const root = import.meta.dirname;
const { options } = await loadConfigFile(join(root, "rollup.config.js"), {});
let server: ChildProcess | undefined;

/** The running server ends before the next one takes its port. */
async function serve(): Promise<void> {
  const before = server;
  if (before !== undefined && before.exitCode === null) {
    const ended = new Promise((resolve) => before.once("exit", resolve));
    before.kill("SIGTERM");
    await ended;
  }
  server = spawn(process.execPath, [join(root, "dist/server/main.js")], { stdio: "inherit" });
}

let built = false;
let page = false;
const watcher = watch(options);
watcher.on("event", async (event) => {
  if (event.code === "START") [built, page] = [false, false];
  if (event.code === "BUNDLE_END") {
    if (event.output.some((path) => path.endsWith("server"))) built = true;
    else page = true;
    await event.result.close();
  }
  if (event.code === "ERROR") process.stderr.write(`${event.error.message}\n`);
  if (event.code !== "END") return;
  if (built) await serve();
  else if (page) process.stdout.write("The page is built anew; reload it.\n");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    server?.kill("SIGTERM");
    watcher.close().then(() => process.exit(0));
  });
}
