/**
 * WebKit as Debian ships it (WebKitGTK's MiniBrowser), on a screen that nobody sees, over WebDriver (w3.org/TR/webdriver2).
 * Its driver is spoken to as it is: HTTP and JSON.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { aim, type DrivenBrowser } from "./driven-browser.ts";
import { ended } from "./ended.ts";

const DRIVER = "/usr/bin/WebKitWebDriver";
const SCREEN = "/usr/bin/Xvfb";
const LIBRARIES = "/usr/lib";
const PORT = 17_321;
/** Keys as WebDriver names them. */
const KEYS = { ArrowUp: "\uE013", ArrowDown: "\uE015" };

/** Starts it. @param env beside this process's own @throws with the remedy where something of it is missing */
export async function startWebkit(env: Readonly<Record<string, string>>): Promise<DrivenBrowser> {
  const binary = readdirSync(LIBRARIES)
    .map((system) => join(LIBRARIES, system, "webkit2gtk-4.1/MiniBrowser"))
    .find((path) => existsSync(path));
  if (binary === undefined || !existsSync(DRIVER) || !existsSync(SCREEN)) {
    throw new Error("No WebKit found to drive: apt-get install webkit2gtk-driver xvfb.");
  }
  const home = await mkdtemp(join(tmpdir(), "cadenza-webkit-"));
  const downloads = join(home, "downloads");
  await mkdir(downloads);
  await writeFile(join(home, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const screen = spawn(SCREEN, ["-displayfd", "1", "-screen", "0", "1440x900x24"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const display = String((await once(screen.stdout!, "data"))[0]).trim();
  const driver = spawn(DRIVER, [`--port=${PORT}`], {
    env: { ...process.env, ...env, DISPLAY: `:${display}`, HOME: home, XDG_CONFIG_HOME: home },
    stdio: "ignore",
  });
  const stop = async () => {
    for (const child of [driver, screen]) await ended(child);
    await rm(home, { recursive: true, force: true });
  };
  try {
    return await drive(binary, downloads, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One command of the protocol. */
async function command(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${PORT}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
  return value;
}

async function drive(
  binary: string,
  downloads: string,
  stop: () => Promise<void>,
): Promise<DrivenBrowser> {
  await eventually(async () => void (await command("GET", "/status")));
  const { sessionId, capabilities } = (await command("POST", "/session", {
    capabilities: {
      alwaysMatch: { "webkitgtk:browserOptions": { binary, args: ["--automation"] } },
    },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  const session = `/session/${sessionId}`;
  const run: DrivenBrowser["run"] = async (work, ...values) => {
    const script = `return (${work})(...arguments);`;
    return (await command("POST", `${session}/execute/sync`, { script, args: values })) as never;
  };
  const act = (type: "pointer" | "key", actions: object[]) =>
    command("POST", `${session}/actions`, { actions: [{ type, id: type, actions }] });
  const driven: DrivenBrowser = {
    name: `WebKitGTK ${capabilities.browserVersion}`,
    downloads,
    open: async (url, first) => {
      // The protocol has no scripts before the page's: another page of the server gives its window to ours.
      const { origin, search } = new URL(url);
      await command("POST", `${session}/url`, { url: `${origin}/docs${search}` });
      await run(first);
      await run(async () => {
        const text = await (await fetch("/")).text();
        document.open();
        document.write(text);
        document.close();
      });
    },
    run,
    click: async (selector) => {
      const { x, y } = await aim(driven, selector);
      await act("pointer", [
        { type: "pointerMove", duration: 0, origin: "viewport", x, y },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ]);
    },
    press: async (selector, key) => {
      await aim(driven, selector);
      await act("key", [
        { type: "keyDown", value: KEYS[key] },
        { type: "keyUp", value: KEYS[key] },
      ]);
    },
    close: async () => {
      await command("DELETE", session);
      await stop();
    },
  };
  return driven;
}
