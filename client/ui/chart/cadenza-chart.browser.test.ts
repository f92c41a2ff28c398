import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Mark } from "#music/chart/mark.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { RollView, USUAL_SPAN } from "../roll/roll-view.ts";
import { brokenReferences, namelessControls, shownControls } from "../testing/accessibility.ts";
import { rgb } from "../testing/contrast.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { outside } from "../testing/layout.ts";
import { mount, find as within } from "../testing/mount.ts";
import { COLOURS } from "../theme.ts";
import { HINTS } from "../wording/hints.ts";
import { FoldEvent } from "./fold-event.ts";
import "./cadenza-chart.ts";

const WIDTH = 1000;
/** The committed line lies in bar 4, so bar 5 is the first that can be drawn on. */
const PLACE = { step: 100, committedStep: 110, plannedStep: 200 };

/** One that was heard. */
const MARK: Mark = {
  ...{ name: "Mark 1", tonic: 0, chart: "" },
  heard: {
    ...{ metre: COMMON_TIME, steps: 32 },
    notes: [{ instrument: 0, pitch: 60, velocity: 90, onset: 0, duration: 4 }],
  },
};

afterEach(() => page.viewport(414, 896));

async function chartOf(width = WIDTH) {
  await page.viewport(Math.max(width, 320), 900);
  const session = new FakeSession({ phase: "playing" });
  session.place = PLACE;
  const mounted = await mount("cadenza-chart", { session, open: true }, `width: ${width}px`);
  const view = new RollView({
    ...{ width: width - 2, height: 300, step: PLACE.step, span: USUAL_SPAN, paging: false },
    ...{ reach: { wholes: 8, playhead: 0.3 }, metres: session.metres },
  });
  mounted.element.show(view);
  const lane = mounted.find("cadenza-lane");
  const row = (name: string) => within(lane, `[data-row=${name}]`);
  /** Middle of a bar, in the page. */
  const xOf = (bar: number) => lane.getBoundingClientRect().left + 1 + view.xOf(bar * 32 + 16);
  const point = (name: string, type: string, bar: number, share: number) => {
    const { top, height } = row(name).getBoundingClientRect();
    row(name).dispatchEvent(
      new PointerEvent(type, {
        ...{ clientX: xOf(bar), clientY: top + height * (1 - share), pointerId: 1, button: 0 },
        ...{ bubbles: true, composed: true },
      }),
    );
  };
  return { session, view, lane, row, point, ...mounted };
}

describe("cadenza-chart", () => {
  it("says what is wrong while a progression is typed, and plays it once it is right", async () => {
    const { session, find, rendered } = await chartOf();
    const field = find<HTMLInputElement>(".progression");
    await userEvent.type(field, "Am F Hx");
    await rendered();
    expect(find(".why[role=alert]").textContent?.trim()).toMatch(/^Bar 3: The chord "Hx" is not/);
    expect(field.getAttribute("aria-invalid")).toBe("true");
    await userEvent.keyboard("{Enter}");
    field.blur();
    session.set({ ahead: 3 });
    await rendered();
    expect(session.argsOf("write")).toEqual([]);
    expect(field.value).toBe("Am F Hx");
    await userEvent.type(field, "{Backspace}{Backspace}C");
    await rendered();
    expect(find(".why[role=status]").textContent).toContain("Enter");
    await userEvent.keyboard("{Enter}");
    await rendered();
    expect(session.state.chart.text).toBe("Am F C");
    expect(field.value).toBe("Am F C");
    await userEvent.type(field, "xx{Escape}");
    await rendered();
    expect(field.value).toBe("Am F C");
  });

  it("calls sections at the next bar or phrase, marks what sounds, and has marks come back as is chosen", async () => {
    const { session, element, find, rendered, remarks } = await chartOf();
    const sections = () =>
      [...element.shadowRoot!.querySelectorAll<HTMLElement>(".section")].map((button) => ({
        button,
        name: button.textContent?.trim(),
      }));
    expect(sections().length).toBeGreaterThan(1);
    await userEvent.type(find(".progression"), "[[verse] Am [[chorus] F{Enter}");
    await rendered();
    expect(sections().map(({ name }) => name)).toEqual(["Top", "verse", "chorus"]);
    const learned = () => sections().map(({ button }) => button.dataset.learn);
    expect(learned()).toEqual(["section:top:bar", "section:1:bar", "section:2:bar"]);
    sections()[2].button.click();
    expect(session.state.chart.cue).toEqual({ section: "chorus", on: "bar" });
    find(".at").click();
    await rendered();
    expect(learned()[1]).toBe("section:1:phrase");
    sections()[0].button.click();
    expect(session.state.chart.cue).toEqual({ on: "phrase" });
    find(".keep").click();
    expect(session.argsOf("mark")).toHaveLength(1);
    session.set({ chart: { ...session.state.chart, marks: [MARK] } });
    await rendered();
    expect(sections().map(({ name }) => name)).toEqual(["Top", "verse", "chorus", "Mark 1"]);
    sections()[3].button.click();
    await userEvent.selectOptions(find(".recall"), "round and round");
    Object.assign(session.leading, { mark: () => undefined, recall: () => false });
    expect(session.argsOf("recall")).toEqual([["Mark 1", "phrase", "once"]]);
    sections()[3].button.click();
    expect(remarks.at(-1)?.text).toBe(HINTS.markOfAnotherMetre("Mark 1"));
    session.set({ keeps: true });
    await rendered();
    expect(find(".keep").textContent?.trim()).toBe("To the bar…");
    sections()[3].button.focus();
    await userEvent.keyboard("{Delete}");
    await rendered();
    expect(sections()).toHaveLength(3);
    expect(element.shadowRoot!.querySelector(".recall")).toBeNull();
  });

  it("draws curves by pointer over several bars, each at its height", async () => {
    const { session, point } = await chartOf();
    point("density", "pointerdown", 5, 0.95);
    point("density", "pointermove", 6, 0.5);
    point("density", "pointerup", 6, 0.5);
    point("density", "pointermove", 7, 0.5);
    const { ordered } = session.charting;
    const at = (bar: number) => {
      const { section, at: place } = ordered.laidAt(bar);
      return session.state.chart.drawn[section]?.[place]?.density;
    };
    expect([at(5), at(6), at(7)]).toEqual([7, 4, undefined]);
  });

  it("paints who plays as the stroke began, and says why settled bars stay", async () => {
    const { session, point, find, rendered, remarks } = await chartOf();
    await userEvent.selectOptions(find(".brush"), "Cello");
    await rendered();
    const { ordered } = session.charting;
    const before = ordered.bar(5).players[4];
    point("players", "pointerdown", 5, 0.5);
    point("players", "pointermove", 6, 0.5);
    point("players", "pointerup", 6, 0.5);
    expect([5, 6].map((bar) => session.charting.ordered.bar(bar).players[4])).toEqual([
      !before,
      !before,
    ]);
    const written = session.argsOf("write").length;
    point("players", "pointerdown", 2, 0.5);
    expect(session.argsOf("write")).toHaveLength(written);
    expect(remarks.at(-1)?.text).toContain("dotted line");
  });

  it("draws over a whole section at once where that is chosen", async () => {
    const { session, point, find, rendered } = await chartOf();
    find(".whole").click();
    await rendered();
    point("energy", "pointerdown", 5, 0.95);
    point("energy", "pointerup", 5, 0.95);
    const { section, sectionBars } = session.charting.ordered.laidAt(5);
    const drawn = session.state.chart.drawn[section];
    expect(Object.values(drawn)).toEqual(new Array(sectionBars).fill({ energy: 7 }));
    expect(sectionBars).toBeGreaterThan(3);
  });

  it("is drawn on by keys, and speaks", async () => {
    const { session, row, rendered } = await chartOf();
    row("energy").focus();
    await rendered();
    const level = Number(row("energy").getAttribute("aria-valuenow"));
    expect(row("energy").getAttribute("aria-valuetext")).toBe(`${level} in bar 5, the arranger's`);
    await userEvent.keyboard("{ArrowRight}{ArrowDown}");
    await rendered();
    expect(row("energy").getAttribute("aria-valuetext")).toMatch(/in bar 6, yours$/);
    await userEvent.keyboard("{Delete}");
    await rendered();
    expect(row("energy").getAttribute("aria-valuetext")).toMatch(/in bar 6, the arranger's$/);
    row("players").focus();
    await rendered();
    const checked = row("players").getAttribute("aria-checked");
    await userEvent.keyboard(" ");
    await rendered();
    expect(row("players").getAttribute("aria-checked")).not.toBe(checked);
    expect(row("players").getAttribute("aria-label")).toMatch(/^Drums plays in bar 5, yours$/);
    expect(session.argsOf("stop")).toEqual([]);
  });

  it("stands at the roll's places: the bar line of the first bar to come", async () => {
    const { lane, view } = await chartOf();
    const canvas = within<HTMLCanvasElement>(lane, "canvas");
    const ratio = canvas.width / canvas.clientWidth;
    const lineAt = (step: number) => {
      const { data } = canvas
        .getContext("2d")!
        .getImageData(Math.round(Math.round(view.xOf(step)) * ratio), 25 * ratio, 1, 1);
      return [...data.slice(0, 3)];
    };
    const surface = rgb(COLOURS.surface).map((channel) => Math.round(channel * 255));
    expect(lineAt(160)).not.toEqual(surface);
    expect(lineAt(160)).toEqual(lineAt(192));
  });

  it("asks to be folded, and keeps the field and the sections then", async () => {
    const { element, find, rendered } = await chartOf();
    let asked: boolean | undefined;
    element.addEventListener(FoldEvent.type, (event) => {
      asked = (event as FoldEvent).open;
    });
    find(".fold").click();
    expect(asked).toBe(false);
    element.open = false;
    await rendered();
    expect(element.shadowRoot!.querySelector("cadenza-lane")).toBeNull();
    expect(find(".progression")).toBeTruthy();
    expect(element.getBoundingClientRect().height).toBeLessThan(120);
  });

  it.each([320, 414, 900, 1600])("is whole at %d pixels", async (width) => {
    const { element, session, rendered, row } = await chartOf(width);
    session.set({
      chart: {
        ...session.state.chart,
        marks: ["Mark 1", "Mark 2", "Bars 9–12"].map((name) => ({ ...MARK, name })),
      },
    });
    await rendered();
    expect(outside(shownControls(element))).toEqual([]);
    expect(namelessControls(element)).toEqual([]);
    expect(brokenReferences(element)).toEqual([]);
    if (width <= 720)
      for (const name of ["players", "density", "energy"])
        expect(row(name).getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
  });
});
