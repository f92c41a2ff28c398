import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { STRAIGHT_ON } from "#engine/jam/course.ts";
import type { CueLike } from "../surface-model.ts";
import { namelessControls } from "../testing/accessibility.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { mount } from "../testing/mount.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import "./cadenza-course.ts";
import { GhostEvent } from "./ghost-event.ts";

const note = { instrument: 3, pitch: 60, velocity: 90, onset: 0, duration: 4 };
const BARS = { kind: "bars" as const, steps: 32, notes: [note] };

async function courseOf() {
  const session = new FakeSession();
  const mounted = await mount("cadenza-course", { session }, "width: 196px");
  const button = (text: string) =>
    [...mounted.element.renderRoot.querySelectorAll("button")].find(
      ({ textContent }) => textContent?.trim() === text,
    )!;
  const choose = (label: string, value: string) => {
    const select = mounted.find<HTMLSelectElement>(`select[aria-label="${label}"]`);
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };
  return { session, button, choose, ...mounted };
}

describe("cadenza-course", () => {
  it("asks for something else, repeats and keeps as many bars as are chosen, and lets them go", async () => {
    const { session, button, choose, rendered } = await courseOf();
    button("Another").click();
    choose("Bars at once", "4");
    button("Repeat").click();
    button("Keep").click();
    expect(session.argsOf("keep")).toEqual([[4]]);
    expect(session.argsOf("another")).toHaveLength(1);
    expect(session.argsOf("repeat")).toEqual([[4]]);
    session.set({ course: { ...STRAIGHT_ON, layers: [BARS] } });
    await rendered();
    button("Let go").click();
    expect(session.argsOf("letGo")).toHaveLength(1);
  });

  it("goes back to the bar that was typed, as people count", async () => {
    const { session, find, button } = await courseOf();
    await userEvent.fill(find("input"), "9");
    await userEvent.keyboard("{Enter}");
    button("Back to bar").click();
    expect(session.argsOf("goBack")).toEqual([[8], [8]]);
  });

  it("leaves the bar alone while it is typed, whatever is rendered meanwhile", async () => {
    const { session, find, rendered } = await courseOf();
    const field = find<HTMLInputElement>("input");
    await userEvent.tripleClick(field);
    for (const key of "12") {
      await userEvent.keyboard(key);
      session.set({ phase: "playing" });
      await rendered();
    }
    await userEvent.keyboard("{Enter}");
    expect(session.argsOf("goBack")).toEqual([[11]]);
    await userEvent.fill(field, "0");
    await userEvent.keyboard("{Enter}");
    await rendered();
    expect(field.value).toBe("12");
  });

  it("freezes parts that are free, and lists what goes round, to be let go", async () => {
    const { session, find, choose, element, rendered } = await courseOf();
    choose("Freeze a part", "3");
    expect(session.argsOf("freeze")).toEqual([[3]]);
    const layers = [
      { ...BARS, kind: "part" as const },
      { ...BARS, kind: "recording" as const },
    ];
    session.set({ course: { ...STRAIGHT_ON, layers }, records: true });
    await rendered();
    const names = [...element.renderRoot.querySelectorAll("li span")];
    expect(names.map(({ textContent }) => textContent)).toEqual(["Violin, frozen", "your Violin"]);
    expect(find('select[aria-label="Freeze a part"]').textContent).not.toContain("Violin");
    find("li:last-child button").click();
    expect(session.argsOf("drop")).toEqual([[layers[1]]]);
    expect(namelessControls(element)).toEqual([]);
    expect(element.scrollWidth).toBeLessThanOrEqual(196);
  });

  it("asks for four ways on, points at them, and takes one that is there", async () => {
    const { session, button, element, remarks, rendered, find } = await courseOf();
    const pointed: (number | undefined)[] = [];
    element.addEventListener(GhostEvent.type, (event) => pointed.push((event as GhostEvent).index));
    button("Four ways on").click();
    const notes = [[note], [note], undefined, undefined];
    session.set({ futures: { from: 32, steps: 64, notes } });
    await rendered();
    const ways = [...element.renderRoot.querySelectorAll<HTMLElement>(".ways button")];
    expect(ways.map(({ textContent }) => textContent?.trim())).toEqual(["1", "2", "…", "…"]);
    ways[1].dispatchEvent(new PointerEvent("pointerenter"));
    ways[1].dispatchEvent(new PointerEvent("pointerleave"));
    ways[1].click();
    await userEvent.keyboard("1");
    expect(session.argsOf("pick")).toEqual([[1], [0]]);
    expect(pointed).toEqual([1, undefined, undefined, undefined]);
    Object.assign(session.leading, { pick: () => false });
    await userEvent.keyboard("4");
    expect(remarks.map(({ text }) => text)).toEqual([HINTS.notForeseenYet]);
    find("button.quiet").click();
    expect(session.argsOf("foresee")).toHaveLength(1);
    expect(session.argsOf("forget")).toHaveLength(1);
  });

  it("lets the way that is pointed at be heard on an output of its own", async () => {
    const { session, element, choose, rendered, remarks } = await courseOf();
    const heard: unknown[] = [];
    const cue = {
      state: { isOffered: true, outputs: [{ id: "b", name: "Headphones" }], chosen: undefined },
      changed: new Emitter<CueLike["state"]>(),
      request: async () => {
        throw new Failure("unavailable", "No outputs.");
      },
      choose: async (id: string | undefined) => void heard.push(id),
      listen: async (...what: unknown[]) => void heard.push(what),
      stop: () => void heard.push("stop"),
    };
    element.cue = cue;
    session.set({ futures: { from: 32, steps: 64, notes: [[note], undefined] } });
    await rendered();
    choose("Headphones", "b");
    const [way] = element.renderRoot.querySelectorAll<HTMLElement>(".ways button");
    way.dispatchEvent(new PointerEvent("pointerenter"));
    way.dispatchEvent(new PointerEvent("pointerleave"));
    expect(heard).toEqual(["b", [[note], 32, 112], "stop"]);
    choose("Headphones", "ask");
    await rendered();
    expect(remarks.map(({ text }) => text)).toEqual(["No outputs."]);
  });

  it("is played by keys that are letters in fields", async () => {
    const { session, find } = await courseOf();
    await userEvent.keyboard("nrbc");
    find("input").focus();
    await userEvent.keyboard("nrbc");
    const methods = session.calls.map(({ method }) => method);
    expect(methods).toEqual(["another", "repeat", "keep", "record"]);
  });

  it("says what the model cannot do, whichever of it is asked for", async () => {
    const { session, button, choose, remarks } = await courseOf();
    const whyNoneGiven = remark("nothing-given", { id: "allegro" });
    session.set({ model: { ...session.state.model!, whyNoneGiven } });
    const not = () => false;
    Object.assign(session.leading, { repeat: not, freeze: not, foresee: not });
    for (const name of ["Repeat", "Four ways on"]) button(name).click();
    choose("Freeze a part", "3");
    expect(remarks.map(({ text }) => text)).toEqual(new Array(3).fill(say(whyNoneGiven)));
  });

  it("says why nothing was done", async () => {
    const { session, button, remarks } = await courseOf();
    const not = () => false;
    Object.assign(session.leading, { record: not, keep: not, goBack: not });
    for (const name of ["Loop mine", "Keep", "Back to bar"]) button(name).click();
    expect(remarks.map(({ text }) => text)).toEqual([
      HINTS.nothingToRecord,
      HINTS.nothingToKeep,
      HINTS.nothingInBar(1),
    ]);
  });
});
