import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { Failure } from "#base/failure.ts";
import { sentence } from "#base/remark.ts";
import { midiRoute } from "#engine/jam/route.ts";
import { MetreMap, metreName, OFFERED_METRES, parseMetre } from "#music/metre.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeStudio } from "../testing/fake-studio.ts";
import { downloads, mount } from "../testing/mount.ts";
import "./cadenza-transport.ts";

async function transportOf(session = new FakeSession()) {
  return { session, ...(await mount("cadenza-transport", { session })) };
}

const toggles = (session: FakeSession): string[] =>
  session.calls.map((call) => call.method).filter((method) => /^(play|stop)$/.test(method));

describe("cadenza-transport", () => {
  it("plays and stops by its button, and names what it will do", async () => {
    const { session, find, rendered } = await transportOf();
    expect(find(".play").getAttribute("aria-label")).toBe("Play");
    find(".play").click();
    await rendered();
    expect(find(".play").getAttribute("aria-label")).toBe("Stop");
    find(".play").click();
    expect(toggles(session)).toEqual(["play", "stop"]);
  });

  it("plays and stops by the space bar from anywhere", async () => {
    const { session } = await transportOf();
    await userEvent.keyboard(" ");
    await userEvent.keyboard(" ");
    expect(toggles(session)).toEqual(["play", "stop"]);
  });

  it("stops by the space bar what is listened to, and starts no jam", async () => {
    const { element, session } = await transportOf();
    const studio = new FakeStudio();
    element.studio = studio;
    studio.listen("violin-7-1");
    await userEvent.keyboard(" ");
    expect(studio.state.listening).toBeUndefined();
    expect(toggles(session)).toEqual([]);
    await userEvent.keyboard(" ");
    expect(toggles(session)).toEqual(["play"]);
  });

  it("leaves the space bar to a field and to a button reached by keyboard", async () => {
    const { session, find } = await transportOf();
    find("input").focus();
    await userEvent.keyboard(" ");
    expect(toggles(session)).toEqual([]);
    await userEvent.keyboard("{Tab}");
    expect(find(".tap").matches(":focus")).toBe(true);
    await userEvent.keyboard(" ");
    expect(session.argsOf("tapTempo")).toHaveLength(1);
    expect(toggles(session)).toEqual([]);
  });

  it("takes the space bar from a button that was only clicked", async () => {
    const { session, find } = await transportOf();
    await userEvent.click(find(".tap"));
    await userEvent.keyboard(" ");
    expect(session.argsOf("tapTempo")).toHaveLength(1);
    expect(toggles(session)).toEqual(["play"]);
  });

  it("says why Play does nothing while the model loads or has failed", async () => {
    const { session, find, remarks, rendered } = await transportOf(
      new FakeSession({ phase: "loading" }),
    );
    expect(find(".play").getAttribute("aria-disabled")).toBe("true");
    find(".play").click();
    expect(remarks[0].text).toContain("still loading");
    session.set({ phase: "failed", message: sentence("The weights are broken; load again.") });
    await rendered();
    find(".play").click();
    expect(remarks[1].text).toBe("The weights are broken; load again.");
    expect(toggles(session)).toEqual([]);
  });

  it("says in words why play failed", async () => {
    const { session, find, remarks } = await transportOf();
    session.refusal = new Failure("unavailable", "The browser gave no sound; click Play again.");
    find(".play").click();
    await expect.poll(() => remarks.length).toBe(1);
    expect(remarks[0]).toMatchObject({
      tone: "error",
      text: "The browser gave no sound; click Play again.",
    });
  });

  it("sets the tempo on Enter, and refuses one out of range in words", async () => {
    const { session, find, remarks, rendered } = await transportOf();
    const field = find<HTMLInputElement>("input");
    await userEvent.fill(field, "96.5");
    await userEvent.keyboard("{Enter}");
    expect(session.argsOf("setControls")).toEqual([[{ tempo: 96.5 }]]);
    await userEvent.fill(field, "900");
    await userEvent.keyboard("{Enter}");
    await rendered();
    expect(session.argsOf("setControls")).toHaveLength(1);
    expect(find(".error").textContent).toBe("20 to 300");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(remarks).toEqual([]);
    expect(field.value).toBe("96.5");
    await userEvent.fill(field, "90");
    await rendered();
    expect(find(".error").hidden).toBe(true);
  });

  it("leaves the tempo alone while it is typed, whatever is rendered meanwhile", async () => {
    const { session, find, rendered } = await transportOf(new FakeSession({ phase: "playing" }));
    const field = find<HTMLInputElement>("input");
    await userEvent.tripleClick(field);
    for (const [index, key] of ["9", "6", ".", "5"].entries()) {
      await userEvent.keyboard(key);
      session.set({ rate: 200 + index, ahead: 4 - index / 10 });
      await rendered();
    }
    expect(field.value).toBe("96.5");
    await userEvent.keyboard("{Enter}");
    expect(session.state.controls.tempo).toBe(96.5);
    await userEvent.keyboard("7");
    await userEvent.keyboard("{Escape}");
    expect(field.value).toBe("96.5");
    session.setControls({ tempo: 120 });
    await rendered();
    expect(field.value).toBe("120");
  });

  it("turns the tempo by wheel and arrows, finely with Shift, and empties it to its usual", async () => {
    const { session, find, rendered } = await transportOf();
    const field = find<HTMLInputElement>("input");
    field.focus();
    await userEvent.keyboard("{ArrowUp}{Shift>}{ArrowUp}{/Shift}");
    await rendered();
    expect(field.value).toBe("113.1");
    await new Promise((resolve) => setTimeout(resolve, 300));
    field.dispatchEvent(new WheelEvent("wheel", { deltaY: 100, bubbles: true, cancelable: true }));
    expect(session.state.controls.tempo).toBe(112.1);
    await userEvent.clear(field);
    await userEvent.keyboard("{Enter}");
    expect(session.state.controls.tempo).toBe(120);
  });

  it("shows bar and beat as the music goes, without moving anything", async () => {
    const { session, find, rendered } = await transportOf();
    const width = find(".line").scrollWidth;
    const place = find(".tap").getBoundingClientRect().left;
    session.place = { step: 998 * 32 + 9, committedStep: 0, plannedStep: 0 };
    session.set({ phase: "playing" });
    await rendered();
    expect(find(".bar").textContent).toBe("999");
    expect(find(".beat").textContent).toBe("2");
    expect([...find(".dots").children].map((dot) => dot.className)).toEqual(["", "now", "", ""]);
    session.place = { step: 998 * 32 + 16, committedStep: 0, plannedStep: 0 };
    await expect.poll(() => find(".beat").textContent).toBe("3");
    expect(find(".line").scrollWidth).toBe(width);
    expect(find(".tap").getBoundingClientRect().left).toBe(place);
  });

  it("shows the beats of the metre that is played, and asks for another", async () => {
    const { session, find, rendered } = await transportOf();
    const select = find<HTMLSelectElement>(".metre");
    expect([...select.options].map(({ value }) => value)).toEqual(OFFERED_METRES.map(metreName));
    expect(select.value).toBe("4/4");
    await userEvent.selectOptions(select, "9/8");
    expect(session.argsOf("setControls")).toEqual([[{ metre: parseMetre("9/8") }]]);
    expect(find(".dots").children).toHaveLength(4);
    session.metres = session.metres.changedFrom(64, parseMetre("9/8"));
    session.place = { step: 64 + 36 + 12, committedStep: 0, plannedStep: 0 };
    session.set({ phase: "playing" });
    await rendered();
    expect([find(".bar").textContent, find(".beat").textContent]).toEqual(["4", "2"]);
    expect([...find(".dots").children].map((dot) => dot.className)).toEqual(["", "now", ""]);
    // Seven beats take no more room than four.
    const { width } = find(".position").getBoundingClientRect();
    session.metres = MetreMap.of(parseMetre("7/4"));
    session.set({});
    await rendered();
    expect(find(".dots").children).toHaveLength(7);
    expect(find(".dots").scrollWidth).toBeLessThanOrEqual(Math.ceil(width));
  });

  it("stops with the bar at Shift and the space bar, while it plays", async () => {
    const { session, rendered } = await transportOf();
    session.set({ phase: "playing" });
    await rendered();
    await userEvent.keyboard("{Shift>} {/Shift}");
    expect([session.argsOf("stopAtBar").length, session.argsOf("stop").length]).toEqual([1, 0]);
    await userEvent.keyboard(" ");
    expect(session.argsOf("stop")).toHaveLength(1);
    await userEvent.keyboard("{Shift>} {/Shift}");
    expect([session.argsOf("stopAtBar").length, session.argsOf("play").length]).toEqual([1, 1]);
  });

  it("begins a new piece", async () => {
    const { session, find } = await transportOf();
    find(".new").click();
    expect(session.argsOf("startOver")).toHaveLength(1);
  });

  it("saves the take as a MIDI file once something was heard", async () => {
    const { session, find, remarks } = await transportOf();
    expect(await downloads(() => find(".save").click())).toEqual([]);
    expect(remarks[0].text).toContain("Nothing was heard yet");
    session.place = { step: 40, committedStep: 60, plannedStep: 100 };
    expect(await downloads(() => find(".save").click())).toEqual(["cadenza-take-7.mid"]);
  });

  it("panics by its button, which is there once something plays on a port, and by its key", async () => {
    const { element, session, find, rendered } = await transportOf();
    let panics = 0;
    element.panic = () => panics++;
    expect(find(".panic").hidden).toBe(true);
    await userEvent.keyboard("!");
    session.setStrip(2, { route: midiRoute(2, "Digitakt") });
    await rendered();
    find(".panic").click(); // too narrow a page to show it
    expect(panics).toBe(2);
    await userEvent.click(find("input"));
    await userEvent.keyboard("!");
    expect(panics).toBe(3);
    const field = document.body.appendChild(document.createElement("textarea"));
    field.focus();
    await userEvent.keyboard("!");
    expect([panics, field.value]).toEqual([3, "!"]);
    field.remove();
  });
});
