/** What a page that is gone was playing stays written down until it is kept as a take, however full the storage is. */
import { afterEach, expect, it, vi } from "vitest";
import { remark } from "#base/remark.ts";
import { Banks } from "#engine/jam/banks.ts";
import { ChunkWriter } from "#engine/journal/chunks.ts";
import { Studio } from "#engine/studio/studio.ts";
import { composingJam, playedJam } from "#engine/testing/composing-jam.ts";
import { PageLog } from "#store/page-log.ts";
import { Shelf } from "#store/shelf.ts";
import { keepJournal } from "./journal-keeping.ts";
import { keepWork } from "./keeping.ts";

const put = IDBObjectStore.prototype.put;
afterEach(() => {
  IDBObjectStore.prototype.put = put;
  vi.restoreAllMocks();
});

const unused = () => Promise.reject(new Error("not in this test"));
const studioOf = () =>
  new Studio({
    source: unused,
    render: unused,
    listen: () => ({ stop: () => undefined, step: () => 0 }),
  });

const left = async () => (await new PageLog("journal", "somebody").left([])).has("dead");
const tracks = () => new Shelf("tracks", (value) => value as { readonly name: string }).all();

it("is found again by every visit until there is room for it, then once", async () => {
  const dead = await playedJam(4);
  const chunk = new ChunkWriter().next({ ...dead.session.heardSoFar, record: dead.source.record });
  dead.dispose();
  await new PageLog("journal", "dead").append(chunk);
  // Storage is full.
  IDBObjectStore.prototype.put = () => {
    throw new DOMException("no more", "QuotaExceededError");
  };
  const timers = vi.spyOn(globalThis, "setTimeout");
  const visit = async () => {
    const { session, source, dispose } = composingJam();
    const studio = studioOf();
    const kept = () => ({ read: () => undefined, write: () => undefined });
    const whenKept = await keepWork({ session, studio, banks: new Banks(), kept });
    await keepJournal({ session, studio, source, whenKept, every: () => undefined });
    dispose();
    return { session, studio };
  };
  for (let again = 0; again < 2; again++) {
    const { session, studio } = await visit();
    expect(studio.state.tracks.map(({ name }) => name)).toEqual(["take-1"]);
    await vi.waitUntil(() => session.state.remarks.length > 0);
    expect(session.state.remarks).toContainEqual(remark("storage-full", {}));
    expect([await left(), await tracks()]).toEqual([true, []]);
  }
  IDBObjectStore.prototype.put = put;
  const retry = timers.mock.calls.findLast(([, wait]) => wait === 10_000)?.[0];
  (retry as () => void)();
  await vi.waitUntil(async () => !(await left()));
  expect((await tracks()).map(({ name }) => name)).toEqual(["take-1"]);
  const { studio } = await visit();
  expect(studio.state.tracks.map(({ name }) => name)).toEqual(["take-1"]);
});
