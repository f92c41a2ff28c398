import { afterEach, describe, expect, it } from "vitest";
import { TabStage } from "./tab-stage.ts";

/** Two stages of one page share the browser's locks as two tabs do. */
function tabs() {
  const lost: string[] = [];
  let time = 0;
  const open = (name: string) =>
    new TabStage(
      navigator.locks,
      () => lost.push(name),
      () => time,
    );
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  return { lost, first: open("first"), second: open("second"), wait };
}

afterEach(() => expect.poll(async () => (await navigator.locks.query()).held?.length).toBe(0));

describe("TabStage", () => {
  it("tells the second tab, and lets it take over when it asks again", async () => {
    const { lost, first, second } = tabs();
    await first.enter();
    await first.enter();
    await expect(second.enter()).rejects.toMatchObject({ remark: { code: "plays-elsewhere" } });
    expect(lost).toEqual([]);
    await second.enter();
    await expect.poll(() => lost).toEqual(["first"]);
    second.leave();
  });

  it("forgets that it was asked, and is free once the first has left", async () => {
    const { lost, first, second, wait } = tabs();
    await first.enter();
    await expect(second.enter()).rejects.toThrow();
    wait(60_000);
    await expect(second.enter()).rejects.toThrow();
    wait(60_000);
    first.leave();
    await expect
      .poll(() =>
        second.enter().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(lost).toEqual([]);
    second.leave();
  });

  it("lets every tab play where there are no locks", async () => {
    const stage = new TabStage(
      undefined,
      () => undefined,
      () => 0,
    );
    await expect(stage.enter()).resolves.toBeUndefined();
    stage.leave();
  });
});
