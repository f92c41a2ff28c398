import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { COMMON_TIME, parseMetre } from "#music/metre.ts";
import { bandNotes } from "../testing/band.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeStudio, trackOf } from "../testing/fake-studio.ts";
import { mount, find as within } from "../testing/mount.ts";
import "./cadenza-compose.ts";
import { PrimeEvent } from "./cadenza-prime.ts";

async function composeOf() {
  const studio = new FakeStudio();
  const mounted = await mount("cadenza-compose", { studio });
  const field = (id: string) => mounted.find<HTMLInputElement>(`#${id}`);
  const submit = () => mounted.find("[type=submit]").click();
  const requests = () =>
    studio.calls.filter((call) => call.method === "compose").map((call) => call.args[0]);
  return { studio, field, submit, requests, ...mounted };
}

describe("cadenza-compose", () => {
  it("asks for what stands in the form", async () => {
    const { find, field, submit, requests } = await composeOf();
    await userEvent.selectOptions(find("select"), "Violin");
    find(".switch").click();
    await userEvent.fill(field("bars"), "8");
    await userEvent.fill(field("tracks"), "3");
    await userEvent.fill(field("seed"), "7");
    await userEvent.fill(field("tempo"), "96.5");
    within(find("cadenza-dial[label=daring]"), "input").focus();
    await userEvent.keyboard("{ArrowUp}");
    within(find("cadenza-key"), ".switch").click();
    expect(find("[type=submit]").textContent?.trim()).toBe("Compose 3 tracks");
    submit();
    expect(requests()).toEqual([
      {
        lead: 3,
        drums: true,
        bars: 8,
        tracks: 3,
        seed: 7,
        tempo: 96.5,
        metre: COMMON_TIME,
        temperature: 1.05,
        topP: 0.99,
        key: { tonic: 0, scale: "major" },
      },
    ]);
  });

  it("begins as the jam stands, keeps what a hand has set, and follows the jam again when asked", async () => {
    const { element, field, find, rendered } = await composeOf();
    const jam = new FakeSession();
    element.jam = jam;
    element.follow();
    await rendered();
    expect([field("tempo").value, find<HTMLSelectElement>("select").value]).toEqual(["112", "3"]);
    await userEvent.fill(field("tempo"), "90");
    jam.setControls({ lead: 5, drums: false });
    element.follow();
    await rendered();
    expect([field("tempo").value, find<HTMLSelectElement>("select").value]).toEqual(["90", "3"]);
    find("form > button").click();
    await rendered();
    expect([field("tempo").value, find<HTMLSelectElement>("select").value]).toEqual(["112", "5"]);
  });

  it("is sent by Enter in a field", async () => {
    const { field, requests } = await composeOf();
    field("bars").focus();
    await userEvent.keyboard("{Enter}");
    expect(requests()).toHaveLength(1);
  });

  it("says what is wrong beside the field, goes there, and takes it back once it is right", async () => {
    const { find, field, submit, requests, rendered } = await composeOf();
    await userEvent.fill(field("bars"), "900");
    await userEvent.fill(field("tracks"), "2.5");
    expect(field("bars").getAttribute("aria-invalid")).toBe("false");
    submit();
    await rendered();
    expect(requests()).toEqual([]);
    expect(find("#bars-error").textContent).toBe("Bars: a whole number from 1 to 512.");
    expect(find("#tracks-error").textContent).toBe("Tracks: a whole number from 1 to 16.");
    expect(field("bars").getAttribute("aria-invalid")).toBe("true");
    expect(field("bars").matches(":focus")).toBe(true);
    await userEvent.fill(field("bars"), "90");
    await rendered();
    expect(find("#bars-error").textContent).toBe("");
    expect(find("#tracks-error").textContent).not.toBe("");
  });

  it("takes a chart and a style, and says what is wrong with the chart while it is typed", async () => {
    const { find, field, submit, requests, rendered } = await composeOf();
    await userEvent.type(field("chart"), "Am F Hx");
    await rendered();
    expect(find("#chart-error").textContent).toMatch(/^Bar 3: The chord "Hx" is not known/);
    expect(field("chart").getAttribute("aria-invalid")).toBe("true");
    submit();
    await rendered();
    expect(requests()).toEqual([]);
    expect(field("chart").matches(":focus")).toBe(true);
    await userEvent.keyboard("{Backspace}{Backspace}C");
    await userEvent.selectOptions(find(".choice select"), "jazz");
    await rendered();
    expect(find("#chart-error").textContent).toBe("");
    submit();
    const [{ chart, style }] = requests() as ComposeRequest[];
    const last = new OrderedChart(chart).bar(14);
    expect(last.chords[0]).toEqual({ root: 0, quality: "major" });
    expect(style).toBe(STYLES.indexOf("jazz"));
  });

  it("throws another seed", async () => {
    const { field, find, rendered } = await composeOf();
    await userEvent.fill(field("seed"), "99999999999");
    find("[aria-label='Another seed']").click();
    await rendered();
    expect(field("seed").value).toMatch(/^\d{1,6}$/);
  });

  it("goes on from a file, at its tempo and in its metre", async () => {
    const { find, field, submit, requests, rendered } = await composeOf();
    const metre = { numerator: 7, denominator: 8 };
    const music = { notes: bandNotes(4), metres: [{ step: 0, metre }], tempos: [] };
    const file = { name: "a.mid", music, tempo: 88, metre, summary: "", remarks: [] };
    find("cadenza-prime").dispatchEvent(new PrimeEvent(file));
    await rendered();
    expect(field("tempo").value).toBe("88");
    submit();
    expect(find<HTMLSelectElement>(".metre").value).toBe("7/8");
    expect(requests()[0]).toMatchObject({ prime: music, metre, tempo: 88 });
  });

  it("composes in the metre that is chosen", async () => {
    const { find, submit, requests } = await composeOf();
    await userEvent.selectOptions(find(".metre"), "12/8");
    submit();
    expect(requests()[0]).toMatchObject({ metre: parseMetre("12/8") });
  });

  it("does nothing but explain itself while blocked or busy", async () => {
    const { element, studio, find, submit, requests, remarks, rendered } = await composeOf();
    element.blocked = "The model is still loading.";
    await rendered();
    expect(find("[type=submit]").getAttribute("aria-disabled")).toBe("true");
    submit();
    element.blocked = "";
    studio.set({ busy: true, tracks: [trackOf({ status: "composing", progress: 0.4 })] });
    await rendered();
    submit();
    expect(requests()).toEqual([]);
    expect(remarks.map((remark) => remark.text)).toEqual([
      "The model is still loading.",
      "Tracks are being composed; cancel them or wait.",
    ]);
    find(".actions button:not([type=submit])").click();
    expect(studio.calls.at(-1)?.method).toBe("cancel");
  });
});
