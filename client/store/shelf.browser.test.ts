import { beforeEach, describe, expect, it } from "vitest";
import { Shelf } from "./shelf.ts";

interface Thing {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const isThing = (value: unknown): Thing | undefined =>
  (value as Thing | undefined)?.bytes instanceof Uint8Array ? (value as Thing) : undefined;
const thing = (name: string, byte = 1): Thing => ({ name, bytes: new Uint8Array([byte]) });
const open = () => new Shelf("things", isThing);
const names = async () => (await open().all()).map(({ name }) => name);

beforeEach(
  () =>
    new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase("cadenza");
      request.onsuccess = () => resolve();
      // Connections of the test before close by themselves once nothing holds them.
      request.onblocked = () => resolve();
      request.onerror = () => reject(request.error);
    }),
);

describe("Shelf", () => {
  it("keeps what is new over a reload, bytes and all, forgets what was put away, and tries again what was refused", async () => {
    const shelf = open();
    const [one, two] = [thing("one", 7), thing("two")];
    await shelf.follow([one]);
    await shelf.follow([two, one]);
    expect(new Set(await names())).toEqual(new Set(["one", "two"]));
    expect((await open().all()).find(({ name }) => name === "one")?.bytes).toEqual(
      new Uint8Array([7]),
    );
    await shelf.follow([one]);
    expect(await names()).toEqual(["one"]);
    // Another tab's list leaves alone what it never had.
    const other = open();
    other.started([]);
    await other.follow([thing("three")]);
    expect(new Set(await names())).toEqual(new Set(["one", "three"]));
    // What the browser refuses keeps nothing else out, and is tried again.
    const refused: Thing & { uncloneable?: unknown } = { ...thing("five"), uncloneable: thing };
    await expect(other.follow([refused, thing("four")])).rejects.toThrow("could not be cloned");
    expect(new Set(await names())).toEqual(new Set(["one", "four"]));
    delete refused.uncloneable;
    await other.follow([refused]);
    expect(new Set(await names())).toEqual(new Set(["one", "five"]));
  });
});
