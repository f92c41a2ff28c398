/**
 * Whether notes and clock leave in time while nobody sees the page: the built page in real Chromium behind another tab, its
 * timers slowed down as a visitor's are, all instruments on a MIDI port that writes down what it gets. Puppeteer, because
 * Playwright tells every page that it is seen.
 */
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { midiRoute } from "#engine/jam/route.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { CHROMIUM_FLAGS, findChromium } from "../../chromium.ts";
import { type PortTiming, portTiming, type SentMessage } from "./port-timing.ts";

/** What came of it. */
export interface HiddenTiming extends PortTiming {
  /** Seconds for which it was hidden and played. */
  readonly length: number;
  /** The median of the page's own timers of 5 ms meanwhile: 1,000 where the browser slows them down. */
  readonly timer: number;
  /** How often the music had to wait for more, which is the machine's doing and not the timers'. */
  readonly waits: number;
  /** At how many different moments messages left. */
  readonly moments: number;
}

const PORT = "Hidden";
/** What the browser is told for tests and is not told here: to leave hidden pages alone. */
const UNTOLD = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];
/** Milliseconds until weights are there, and until music is. */
const PATIENCE = 300_000;
/** Milliseconds that are one moment. */
const MOMENT = 10;
/** Milliseconds that music plays before the page is hidden. */
const SETTLING = 3000;

/** Plays, hides the page for some seconds, and tells when its messages left. @param query of the page's address */
export async function hiddenPage(
  origin: string,
  length: number,
  query = "backend=wasm&seed=11",
): Promise<HiddenTiming> {
  const browser = await puppeteer.launch({
    ...{ executablePath: findChromium(), headless: true },
    args: [...CHROMIUM_FLAGS],
    ignoreDefaultArgs: UNTOLD,
    protocolTimeout: PATIENCE + 1000 * length,
  });
  try {
    return await measure(browser, `${origin}/?${query}`, length);
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, address: string, length: number): Promise<HiddenTiming> {
  const [page] = await browser.pages();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // Functions that are handed to the page are compiled with names kept, which it knows nothing of.
  await page.evaluateOnNewDocument("globalThis.__name = (given) => given;");
  await page.evaluateOnNewDocument(offerPort, PORT);
  await page.goto(address);
  await inPhase(page, "ready");
  const routes = [...INSTRUMENTS.keys()].map((instrument) => midiRoute(instrument, PORT));
  await page.evaluate(play, PORT, routes);
  await inPhase(page, "playing");
  await pass(SETTLING);
  const other = await browser.newPage();
  await other.bringToFront();
  await pass(1000);
  const begun = await page.evaluate(begin);
  await pass(1000 * length);
  const { sent, ...ended } = await page.evaluate(end);
  if (errors.length > 0) throw new Error(`the page broke: ${errors.join("; ")}`);
  if (!begun.hidden || !ended.hidden) throw new Error("the page was not hidden");
  const within = sent.filter(({ at }) => at >= begun.now && at <= ended.now);
  const moments = new Set(within.map(({ at }) => Math.round(at / MOMENT))).size;
  return { ...portTiming(within), length, moments, timer: ended.timer, waits: ended.waits };
}

const pass = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const inPhase = (page: Page, phase: string): Promise<unknown> =>
  page.waitForFunction(
    (wanted: string) => document.querySelector("cadenza-app")?.session?.state.phase === wanted,
    { timeout: PATIENCE, polling: 200 },
    phase,
  );

/** What the page holds for those who measure. */
interface HiddenWatch {
  readonly sent: SentMessage[];
  readonly timers: number[];
  waits: number;
}

declare global {
  var hiddenWatch: HiddenWatch;
}

/** For a page, before its own scripts: MIDI with one output that writes down what it gets. */
function offerPort(name: string): void {
  globalThis.hiddenWatch = { sent: [], timers: [], waits: 0 };
  const output = {
    ...{ id: "hidden", name, manufacturer: "", version: "", type: "output", onstatechange: null },
    ...{ state: "connected", connection: "open" },
    open: async () => output,
    close: async () => output,
    send: (data: Iterable<number>, time = performance.now()) => {
      const at = performance.now();
      globalThis.hiddenWatch.sent.push({ data: [...data], time: Math.max(time, at), at });
    },
  };
  const access = { inputs: new Map(), outputs: new Map([["hidden", output]]), onstatechange: null };
  navigator.requestMIDIAccess = async () => access as unknown as MIDIAccess;
}

/** For the page: every instrument to the port, which hears the clock, and Play. */
async function play(port: string, routes: readonly ReturnType<typeof midiRoute>[]): Promise<void> {
  const app = document.querySelector("cadenza-app")!;
  const session = app.session!;
  await app.midi!.request();
  app.portSettings!.set(port, { clockOut: true });
  for (const [instrument, route] of routes.entries()) session.setStrip(instrument, { route });
  session.setControls({ swing: 50, humanise: 0 });
  await session.play();
}

/** For the page: the watch begins. */
function begin() {
  const watch = globalThis.hiddenWatch;
  const turn = (last: number): void => {
    setTimeout(() => {
      const now = performance.now();
      watch.timers.push(now - last);
      turn(now);
    }, 5);
  };
  turn(performance.now());
  let before = "";
  document.querySelector("cadenza-app")!.session!.changed.on(({ phase }) => {
    if (phase === "gathering" && before === "playing") watch.waits++;
    before = phase;
  });
  return { hidden: document.hidden, now: performance.now() };
}

/** For the page: what was seen. */
function end() {
  const { sent, timers, waits } = globalThis.hiddenWatch;
  const timer = timers.sort((a, b) => a - b)[timers.length >> 1];
  return { sent, timer, waits, hidden: document.hidden, now: performance.now() };
}
