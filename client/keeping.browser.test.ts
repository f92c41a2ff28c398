import { describe, expect, it } from "vitest";
import { askBeforeLeaving } from "./keeping.ts";
import { FakeSession } from "./ui/testing/fake-session.ts";
import { FakeStudio } from "./ui/testing/fake-studio.ts";

describe("leaving the page", () => {
  it("is asked about while something sounds or is composed, and not otherwise", () => {
    const session = new FakeSession();
    const studio = new FakeStudio();
    askBeforeLeaving(session, studio);
    const asks = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
    expect(asks()).toBe(false);
    for (const phase of ["gathering", "playing"] as const) {
      session.set({ phase });
      expect(asks()).toBe(true);
    }
    session.set({ phase: "ready" });
    expect(asks()).toBe(false);
    studio.set({ listening: "violin-7-1" });
    expect(asks()).toBe(true);
    studio.set({ listening: undefined, busy: true });
    expect(asks()).toBe(true);
    studio.set({ busy: false });
    expect(asks()).toBe(false);
  });
});
