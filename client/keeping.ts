/**
 * Work is not lost: what the player has set comes back after a reload, tracks and takes are kept in
 * the browser, a new piece keeps the take of the one before, and leaving while something sounds or is
 * composed is asked about.
 */
import { describeError } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import type { BankSlots, Banks } from "#engine/jam/banks.ts";
import { STRAIGHT_ON } from "#engine/jam/course.ts";
import { keptPerformance, storedPerformance } from "#engine/jam/kept-performance.ts";
import type { Performance } from "#engine/jam/performance.ts";
import type { Session } from "#engine/jam/session.ts";
import type { Studio } from "#engine/studio/studio.ts";
import type { Track } from "#engine/studio/studio-state.ts";
import type { KeptValue } from "#store/kept-value.ts";
import { Shelf } from "#store/shelf.ts";
import { whyNotKept } from "#store/why-not-kept.ts";

/** Milliseconds that a control may go on moving before it is kept. */
const SETTLED = 300;

/** Milliseconds after which tracks are tried again that the browser did not keep. */
const AGAIN = 10_000;

/** What is kept, and where. */
export interface Keeping {
  readonly session: Session;
  readonly studio: Studio;
  readonly banks: Banks;
  /** Makes a value that outlives the page. */
  readonly kept: <T>(
    name: string,
    parse: (value: unknown) => T | undefined,
    written?: (value: T) => unknown,
  ) => Pick<KeptValue<T>, "read" | "write">;
}

/** Resolves once a track is kept for the next visit, or was thrown away; while the storage is full it waits for room. */
export type WhenKept = (name: string) => Promise<void>;

/** Restores all and keeps it from now on. */
export async function keepWork({ session, studio, banks, kept }: Keeping): Promise<WhenKept> {
  keepBanks(session, banks, kept);
  keepPerformance(session, kept);
  askBeforeLeaving(session, studio);
  session.taken.on((take) => session.addRemark(remark("take-kept", { name: studio.keep(take) })));
  return await keepTracks(session, studio);
}

/** What comes back of a bank is parsed over the performance of a page just opened. */
function keepBanks(session: Session, banks: Banks, kept: Keeping["kept"]): void {
  const first = session.performance;
  const value = kept(
    "banks",
    (json): BankSlots | undefined =>
      Array.isArray(json)
        ? json.map((slot) => (slot === null ? undefined : keptPerformance(slot, first)))
        : undefined,
    (slots) => slots.map((slot) => slot && storedPerformance(slot)),
  );
  banks.restore(value.read() ?? []);
  banks.changed.on((slots) => value.write(slots));
}

function keepPerformance(session: Session, kept: Keeping["kept"]): void {
  const first = session.performance;
  const value = kept(
    "performance",
    (json): Performance | undefined => keptPerformance(json, first),
    storedPerformance,
  );
  const before = value.read();
  // What went round was of a piece that is gone.
  if (before !== undefined) session.perform({ ...before, course: STRAIGHT_ON });
  let written = session.performance;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    if (session.performance === written) return;
    written = session.performance;
    value.write(written);
  };
  session.changed.on(() => {
    if (session.performance === written) return;
    clearTimeout(timer);
    timer = setTimeout(write, SETTLED);
  });
  addEventListener("pagehide", write);
}

async function keepTracks(session: Session, studio: Studio): Promise<WhenKept> {
  const complain = (error: unknown) =>
    session.addRemark(
      whyNotKept(error, remark("tracks-not-kept", { reason: describeError(error) })),
    );
  const done = () => studio.state.tracks.filter(({ status }) => status === "done");
  const shelf = new Shelf("tracks", trackFrom);
  const awaited: { readonly name: string; readonly tell: () => void }[] = [];
  const tellKept = () => {
    const unkept = done().filter((track) => !shelf.holds(track));
    const isKept = ({ name }: { readonly name: string }) =>
      unkept.every((track) => track.name !== name);
    for (const { tell } of awaited.filter(isKept)) tell();
    awaited.splice(0, awaited.length, ...awaited.filter((each) => !isKept(each)));
  };
  let last: readonly Track[] = [];
  let writing = Promise.resolve();
  let again: ReturnType<typeof setTimeout> | undefined;
  // One after the other: what is put away must not come back by a slower write before it.
  const follow = () => {
    clearTimeout(again);
    last = done();
    writing = writing
      .then(() => shelf.follow(done()))
      .catch((error: unknown) => {
        complain(error);
        again = setTimeout(follow, AGAIN);
      })
      .then(tellKept);
    return writing;
  };
  try {
    const before = await shelf.all();
    shelf.started(before);
    studio.restore(before);
    studio.changed.on(() => {
      const now = done();
      if (now.length !== last.length || now.some((track, index) => track !== last[index]))
        void follow();
    });
    await follow();
  } catch (error) {
    complain(error);
  }
  return (name) =>
    new Promise((tell) => {
      awaited.push({ name, tell });
      void writing.then(tellKept);
    });
}

/** A finished track out of the store. */
function trackFrom(value: unknown): Track | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const track = value as Track;
  const whole =
    track.status === "done" &&
    Array.isArray(track.notes) &&
    track.midi instanceof Uint8Array &&
    typeof track.request?.lead === "number";
  if (!whole) return undefined;
  return { ...track, chart: typeof track.chart === "string" ? track.chart : undefined };
}

/** Asks whether to leave the page while something sounds or is composed. */
export function askBeforeLeaving(
  session: Pick<Session, "state">,
  studio: Pick<Studio, "state">,
): void {
  addEventListener("beforeunload", (event) => {
    const { phase } = session.state;
    const { busy, listening } = studio.state;
    const sounds = phase === "playing" || phase === "gathering" || listening !== undefined;
    if (sounds || busy) event.preventDefault();
  });
}
