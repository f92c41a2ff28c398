import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { sentence } from "#base/remark.ts";
import { Banks } from "#engine/jam/banks.ts";
import { brokenReferences, namelessControls, shownControls } from "../testing/accessibility.ts";
import { bandNotes } from "../testing/band.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeMidiPorts, FakeStudio, trackOf } from "../testing/fake-studio.ts";
import { outside, overlaps } from "../testing/layout.ts";
import { frame, mount, find as within } from "../testing/mount.ts";
import "./cadenza-app.ts";

const SIZES = [
  [1440, 900],
  [1024, 768],
  [390, 844],
] as const;

/** Phones and tablets both ways, windows, screens and a wall. */
const SCREENS = [
  [320, 640],
  [360, 740],
  [568, 320],
  [667, 375],
  [740, 700],
  [768, 1024],
  [844, 390],
  [900, 700],
  [920, 412],
  [1024, 768],
  [1180, 820],
  [1280, 720],
  [1440, 900],
  [2560, 1440],
  [3840, 2160],
] as const;

afterEach(() => page.viewport(414, 896));

async function appOf(width = 1440, height = 900) {
  await page.viewport(width, height);
  const session = new FakeSession();
  const studio = new FakeStudio();
  const midi = new FakeMidiPorts();
  session.notes = bandNotes(30);
  session.place = { step: 300, committedStep: 332, plannedStep: 500 };
  const banks = new Banks();
  const sharing = { copyLink: async () => "copied" as const };
  const mounted = await mount("cadenza-app", { session, studio, midi, banks, sharing });
  await frame();
  const show = async (view: "Jam" | "Compose") => {
    mounted.find(`#tab-${view}`).click();
    await mounted.rendered();
  };
  return { session, studio, midi, show, ...mounted };
}

const isGroup = (element: Element): boolean =>
  element.matches("[role=group], [role=tablist], progress");

describe("cadenza-app", () => {
  it.each(SIZES)("names every control, in both views, at %d x %d", async (width, height) => {
    const { element, studio, show } = await appOf(width, height);
    const notes = bandNotes(4);
    studio.set({
      tracks: [
        trackOf({ name: "a", status: "done", midi: new Uint8Array(1) }, notes),
        trackOf({ name: "b", status: "composing", progress: 0.5 }),
      ],
    });
    await frame();
    expect(shownControls(element).length).toBeGreaterThan(100);
    expect(namelessControls(element)).toEqual([]);
    expect(brokenReferences(element)).toEqual([]);
    await show("Compose");
    expect(shownControls(element).length).toBeGreaterThan(20);
    expect(namelessControls(element)).toEqual([]);
    expect(brokenReferences(element)).toEqual([]);
  });

  it.each(SIZES)("never scrolls sideways at %d x %d", async (width, height) => {
    const { session, show } = await appOf(width, height);
    for (const phase of ["loading", "ready", "gathering", "playing", "failed"] as const) {
      session.set({
        phase,
        message: phase === "failed" ? sentence("It failed; reload.") : undefined,
      });
      await frame();
      expect(document.documentElement.scrollWidth, phase).toBeLessThanOrEqual(width);
    }
    await show("Compose");
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  });

  it.each(SCREENS)("covers nothing and cuts nothing off at %d x %d", async (width, height) => {
    const { element, session, find, show } = await appOf(width, height);
    const remarks = Array.from({ length: 13 }, (_, n) =>
      sentence(`Remark ${n} says what is the matter.`),
    );
    session.set({ phase: "playing", realTimeFactor: 12.3, ahead: 12.3, remarks });
    await frame();
    const parts = [".tabs", "cadenza-transport", "cadenza-machine", "cadenza-remarks"];
    const head = parts.map((part) => find(part));
    const controls = head.flatMap((part) => shownControls(part)).filter((part) => !isGroup(part));
    const places = [
      ...[...head, find(".heart"), find("cadenza-chart")],
      ...[find("cadenza-mixer"), find("cadenza-shape")],
    ];
    expect(overlaps(controls)).toEqual([]);
    expect(overlaps(places)).toEqual([]);
    expect(outside([...controls, ...places, ...shownControls(find("cadenza-chart"))])).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    const play = within(find("cadenza-transport"), ".play").getBoundingClientRect();
    expect(play.width).toBeCloseTo(play.height, 1);
    // The roll is seen whole without scrolling, however the screen is held, and keeps its room beside the chart's rows.
    const roll = () => within(element, "cadenza-roll").getBoundingClientRect();
    expect(roll().height).toBeGreaterThan(180);
    expect(roll().bottom).toBeLessThanOrEqual(Math.max(height, 400));
    within(find("cadenza-chart"), ".fold").click();
    await frame();
    expect(roll().height).toBeGreaterThan(180);
    expect(overlaps(places)).toEqual([]);
    await show("Compose");
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(outside(shownControls(find("cadenza-compose")))).toEqual([]);
  });

  it("fits a laptop's screen without scrolling, the roll above all, whose room the folded chart gives back", async () => {
    const { element, find, rendered } = await appOf(1440, 900);
    const shareOf = (...tags: string[]) => {
      const boxes = tags.map((tag) => within(element, tag).getBoundingClientRect());
      return boxes.reduce((sum, { width, height }) => sum + width * height, 0) / (1440 * 900);
    };
    expect(document.documentElement.scrollHeight).toBeLessThanOrEqual(900);
    expect(shareOf("cadenza-roll", "cadenza-chart")).toBeGreaterThan(0.45);
    expect(shareOf("cadenza-roll")).toBeGreaterThan(0.3);
    within(find("cadenza-chart"), ".fold").click();
    await rendered();
    expect(shareOf("cadenza-roll")).toBeGreaterThan(0.4);
    expect(document.documentElement.scrollHeight).toBeLessThanOrEqual(900);
  });

  it("gives fingers targets of 44 pixels on a phone", async () => {
    const { element, show } = await appOf(390, 844);
    const small = () =>
      shownControls(element)
        .filter((control) => control.matches("button, select, input:not(.visually-hidden)"))
        .map((control) => ({ control, box: control.getBoundingClientRect() }))
        .filter(
          ({ control, box }) => box.height < 44 || (box.width < 34 && control.tagName !== "INPUT"),
        )
        .map(
          ({ control, box }) =>
            `${control.className} ${control.tagName} ${box.width}x${box.height}`,
        );
    expect(shownControls(element).length).toBeGreaterThan(80);
    expect(small()).toEqual([]);
    await show("Compose");
    expect(small()).toEqual([]);
  });

  it("changes its view by tab, arrow keys and click, and stops the roll that is not on show", async () => {
    const { element, find, rendered } = await appOf();
    find("#tab-Jam").focus();
    await userEvent.keyboard("{ArrowRight}");
    await rendered();
    expect(find("#tab-Compose").getAttribute("aria-selected")).toBe("true");
    expect(find("#tab-Compose").matches(":focus")).toBe(true);
    expect(find("#view-Jam").hidden).toBe(true);
    expect(within<HTMLElement>(element, "cadenza-roll")).toMatchObject({ active: false });
    find("#tab-Jam").click();
    await rendered();
    expect(find("#view-Compose").hidden).toBe(true);
    expect(within<HTMLElement>(element, "cadenza-roll")).toMatchObject({ active: true });
  });

  it("asks for few presses of Tab: a strip is one stop", async () => {
    const { element } = await appOf();
    const stops = shownControls(element).filter(
      (control) => control.tabIndex >= 0 && control.matches("button, input, select"),
    );
    expect(stops.length).toBeLessThanOrEqual(36);
  });

  it("can be reached whole by the Tab key, in the order of the eye", async () => {
    await appOf();
    const reached: string[] = [];
    for (let presses = 0; presses < 36; presses++) {
      await userEvent.keyboard("{Tab}");
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      reached.push(active?.getAttribute("aria-label") ?? active?.textContent?.trim() ?? "");
    }
    const places = [
      "Jam",
      "Play",
      "Tempo, quarter notes a minute",
      "Scene",
      "Copy a link",
      "daring",
      "Tonic",
      "Progression",
      "density",
      "Piano leads",
    ];
    const order = places.map((name) => reached.indexOf(name));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("tells in words what elements cannot do, and what the session has to say", async () => {
    const { element, session, find, rendered } = await appOf();
    within(
      find("cadenza-mixer").shadowRoot!.querySelectorAll("cadenza-strip")[9],
      ".header",
    ).click();
    session.set({ remarks: [sentence("No WebGPU here: the CPU composes.")] });
    await rendered();
    const remarks = within(element, "cadenza-remarks");
    await expect.poll(() => remarks.shadowRoot!.textContent).toContain("cannot lead");
    expect(remarks.shadowRoot!.textContent).toContain("No WebGPU here");
  });

  it("shows a failure over the roll, and as a remark where there is no roll", async () => {
    const { element, session, show, rendered } = await appOf();
    session.set({ phase: "failed", message: sentence("The weights are broken; reload.") });
    await rendered();
    const remarks = within(element, "cadenza-remarks").shadowRoot!;
    expect(within(within(element, "cadenza-waiting"), ".detail").textContent).toContain("broken");
    expect(remarks.textContent).not.toContain("broken");
    await show("Compose");
    expect(remarks.textContent).toContain("broken");
  });

  it("lights one instrument's notes while its strip is pointed at", async () => {
    const { element, find, rendered } = await appOf();
    const strip = find("cadenza-mixer").shadowRoot!.querySelectorAll("cadenza-strip")[2];
    strip.dispatchEvent(new PointerEvent("pointerenter", { pointerType: "mouse" }));
    await rendered();
    expect(within(element, "cadenza-roll")).toMatchObject({ spotlight: 2 });
  });

  it.each(SIZES)("keeps every place while all changes, at %d x %d", async (width, height) => {
    const { element, session } = await appOf(width, height);
    const places = () =>
      [
        "cadenza-transport",
        "cadenza-machine",
        "cadenza-remarks",
        "cadenza-roll",
        "cadenza-chart",
        "cadenza-mixer",
        "cadenza-shape",
      ].map((tag) => {
        const { x, y, width, height } = within(element, tag).getBoundingClientRect();
        return [tag, x, y, width, height].join(" ");
      });
    const before = places();
    for (const change of [
      { phase: "loading", loading: { loadedBytes: 1e6, totalBytes: 4e7 }, backend: undefined },
      { phase: "gathering", ahead: 1.5, aheadWanted: 12, rate: 8, backend: "WebGPU (SwiftShader)" },
      {
        phase: "playing",
        ahead: 123.4,
        rate: 1900,
        remarks: [sentence("One."), sentence("Two."), sentence("Three.")],
      },
      {
        phase: "failed",
        message: sentence("A long sentence that says what is wrong and what to do about it."),
      },
    ] as const) {
      session.set(change);
      await frame();
      expect(places(), change.phase).toEqual(before);
    }
  });

  it("shows a failure of the page beside a session that stands", async () => {
    const { element, rendered } = await appOf();
    element.failure = "The samples are gone; reload.";
    await rendered();
    const remarks = within(element, "cadenza-remarks").shadowRoot!;
    expect(remarks.querySelector("[role=alert]")?.textContent).toContain("samples are gone");
  });

  it("says that it starts, or why it cannot, before there is a session", async () => {
    const { element, find, rendered } = await mount("cadenza-app");
    expect(find(".starting").textContent?.trim()).toBe("Starting…");
    element.failure = "This browser has no Web Audio; use a current one.";
    await rendered();
    expect(find(".starting[role=alert]").textContent).toContain("no Web Audio");
  });
});
