import { describe, expect, it } from "vitest";
import { FORMS, Form, type Section, sectionsBefore } from "./form.ts";

const sections = (form: Form, bars: number): Section[] => [
  ...sectionsBefore(bars, (bar) => form.at(bar)),
];

describe("a form", () => {
  it.each(FORMS)("%s tells the same of every bar of a section", (name) => {
    const form = new Form(name);
    for (const section of sections(form, 200))
      for (let bar = section.first; bar < section.first + section.bars; bar++)
        expect(new Form(name).at(bar)).toEqual(section);
  });

  it("brings sections back", () => {
    const labels = sections(new Form("aaba"), 4 + 64).map(({ label }) => label);
    expect(labels).toEqual(["intro", "A", "A", "B", "A", "A", "A", "B", "A"]);
    const song = sections(new Form("verse and chorus"), 4 + 48);
    expect(song.map(({ label, earlier }) => `${label}${earlier}`)).toEqual([
      "intro0",
      "verse0",
      "chorus0",
      "verse1",
      "chorus1",
      "bridge0",
      "chorus2",
    ]);
    const through = sections(new Form("through-composed"), 300).map(({ label }) => label);
    expect(new Set(through).size).toBe(through.length);
  });

  it.each([1, 2, 3, 8, 16, 23, 24, 33, 64, 100])(
    "of %i bars ends there, with an ending",
    (bars) => {
      for (const name of FORMS) {
        const all = sections(new Form(name, bars), bars);
        const last = all[all.length - 1];
        expect(last.first + last.bars).toBe(bars);
        expect(all.every((section) => section.bars >= 1)).toBe(true);
        if (bars >= 3) expect(last.role).toBe("ending");
        expect(all[0].role === "intro").toBe(bars >= 24);
        expect(new Form(name, bars).at(bars + 5)).toEqual(last);
      }
    },
  );

  it("ends where it is asked to, and is what it was before", () => {
    const [endless, ended] = [new Form("aaba"), new Form("aaba", undefined, 21)];
    for (let bar = 0; bar < 19; bar++) expect(ended.at(bar)).toEqual(endless.at(bar));
    for (const bar of [19, 20, 30])
      expect(ended.at(bar)).toMatchObject({ role: "ending", first: 19, bars: 2 });
  });

  it("knows the first section of a label that comes back, however it ends", () => {
    const song = new Form("verse and chorus", undefined, 8);
    expect(song.first("chorus")).toMatchObject({ role: "contrast", first: 12, bars: 8 });
    expect(song.first("hook")).toBeUndefined();
    const through = new Form("through-composed");
    through.at(1000);
    expect(through.first("B2")).toBeUndefined();
  });

  it("says its sections in order, and comes to an end where it has one", () => {
    const firsts = (form: Form) => sections(form, 36).map(({ first }) => first);
    expect(firsts(new Form("aaba"))).toEqual([0, 4, 12, 20, 28]);
    expect(firsts(new Form("aaba", undefined, 21))).toEqual([0, 4, 12, 19]);
    expect(firsts(new Form("aaba", undefined, 18))).toEqual([0, 4, 12]);
    expect(firsts(new Form("blues", 20))).toEqual([0, 12, 18]);
  });
});
