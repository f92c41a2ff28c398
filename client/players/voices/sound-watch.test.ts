import { describe, expect, it } from "vitest";
import type { Remark } from "#base/remark.ts";
import { SoundWatch } from "./sound-watch.ts";

class FakeContext extends EventTarget {
  state = "suspended";
  resumes = 0;
  how: "runs" | "hangs" | "refuses" = "runs";

  resume(): Promise<void> {
    this.resumes++;
    if (this.how === "hangs") return new Promise(() => undefined);
    if (this.how === "refuses") return Promise.reject(new Error("no device"));
    this.enter("running");
    return Promise.resolve();
  }

  enter(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

function stage() {
  const context = new FakeContext();
  const gestures = new EventTarget();
  const page = Object.assign(new EventTarget(), { visibilityState: "hidden" });
  const told: (Remark | undefined)[] = [];
  const watch = new SoundWatch(context, 10);
  watch.watch({ gestures, page }, (remark) => told.push(remark));
  return { context, gestures, page, told, watch, now: () => told.at(-1)?.code };
}

describe("SoundWatch", () => {
  it("leaves a context alone that nobody has asked to sound", () => {
    const { context, gestures, told } = stage();
    gestures.dispatchEvent(new Event("pointerdown"));
    expect([context.resumes, told]).toEqual([0, []]);
  });

  it.each(["suspended", "interrupted"])(
    "says that the sound is %s, and has it back at a gesture",
    async (state) => {
      const { context, gestures, watch, now } = stage();
      await watch.unlock();
      context.enter(state);
      expect(now()).toBe("sound-taken-away");
      gestures.dispatchEvent(new Event("keydown"));
      await expect.poll(now).toBeUndefined();
      expect(context.state).toBe("running");
    },
  );

  it("has the sound back when the person returns to the page", async () => {
    const { context, page, watch, now } = stage();
    await watch.unlock();
    context.enter("suspended");
    page.dispatchEvent(new Event("visibilitychange"));
    expect(context.resumes).toBe(1);
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    await expect.poll(now).toBeUndefined();
  });

  it.each([
    ["hangs", "sound-hangs"],
    ["refuses", "sound-refused"],
  ] as const)("says in words that resuming %s", async (how, code) => {
    const { context, gestures, watch, now } = stage();
    await watch.unlock();
    context.how = how;
    context.enter("suspended");
    gestures.dispatchEvent(new Event("pointerdown"));
    await expect.poll(now).toBe(code);
    await expect(watch.unlock()).rejects.toMatchObject({ remark: { code } });
    context.how = "runs";
    gestures.dispatchEvent(new Event("pointerdown"));
    await expect.poll(now).toBeUndefined();
  });

  it("says nothing of a context that was closed", async () => {
    const { context, watch, now } = stage();
    await watch.unlock();
    context.enter("closed");
    expect(now()).toBeUndefined();
  });
});
