import { describe, expect, it } from "vitest";
import { styleIn } from "./chart.ts";
import {
  CONDITION_ROWS,
  conditionsAt,
  headingConditions,
  STYLES,
  styleIndex,
} from "./conditions.ts";
import { OrderedChart } from "./ordered-chart.ts";
import { StyleCourse } from "./style-course.ts";

const POINT = { bar: 8, bars: 16, style: 1 };
const [FROM, TO] = [styleIndex("rock")!, styleIndex("jazz")!];
const ARRANGED = { seed: 5, lead: 3, drums: true } as const;

describe("a course of styles", () => {
  it("leads from one style to another, more and more of its bars being of the other", () => {
    const courses = Array.from(
      { length: 400 },
      (_, seed) => new StyleCourse([POINT], seed, 0, ({ style = 0 }) => style),
    );
    const share = (bar: number) =>
      courses.reduce((sum, course) => sum + course.at(bar), 0) / courses.length;
    for (let bar = 0; bar < 40; bar++) {
      if (bar < 8) expect(share(bar)).toBe(0);
      else if (bar >= 24) expect(share(bar)).toBe(1);
      else expect(Math.abs(share(bar) - (bar - 7) / 17)).toBeLessThan(0.1);
    }
    expect(courses[0].last).toBe(1);
  });

  it("says of a bar the same in whatever order bars are asked for", () => {
    const course = new StyleCourse([POINT], 3, 0, ({ style = 0 }) => style);
    const forth = Array.from({ length: 30 }, (_, bar) => course.at(bar));
    expect(Array.from({ length: 30 }, (_, at) => course.at(29 - at)).reverse()).toEqual(forth);
  });

  it("goes on from wherever it is", () => {
    const points = [POINT, { bar: 12, bars: 4, style: 2 }];
    const course = new StyleCourse(points, 3, 0, ({ style = 0 }) => style);
    const before = new StyleCourse([POINT], 3, 0, ({ style = 0 }) => style);
    for (let bar = 0; bar < 12; bar++) expect(course.at(bar)).toBe(before.at(bar));
    for (let bar = 12; bar < 16; bar++) expect([before.at(bar), 2]).toContain(course.at(bar));
    for (let bar = 16; bar < 30; bar++) expect(course.at(bar)).toBe(2);
  });
});

describe("a chart whose style is reached over bars", () => {
  const plain = new OrderedChart({ arranged: ARRANGED, style: FROM });
  const chart = new OrderedChart({
    ...{ arranged: ARRANGED, style: FROM },
    styles: [{ bar: 8, bars: 16, style: TO }],
  });
  const { key, formName } = plain.arranger!;
  const other = new OrderedChart({
    arranged: { ...ARRANGED, key: { tonic: key.tonic, scale: key.mode }, form: formName },
    style: TO,
  });

  it("has each bar whole from one or the other, and its style's row with it", () => {
    const first = CONDITION_ROWS - STYLES.length;
    let both = 0;
    for (let bar = 0; bar < 40; bar++) {
      const style = styleIn(chart, bar);
      expect(style === FROM || style === TO).toBe(true);
      expect(chart.bar(bar)).toEqual((style === TO ? other : plain).bar(bar));
      expect(conditionsAt(chart, 32 * bar + 5).at(-1)).toBe(first + style!);
      if (bar < 8) expect(style).toBe(FROM);
      if (bar >= 24) expect(style).toBe(TO);
      if (bar >= 8 && bar < 24 && style === TO) both++;
    }
    expect(both).toBeGreaterThan(3);
    expect(both).toBeLessThan(14);
    expect(headingConditions(chart.style)).toEqual(headingConditions(TO));
  });

  it("keeps form and key", () => {
    for (let bar = 0; bar < 60; bar++) expect(chart.sectionAt(bar)).toEqual(plain.sectionAt(bar));
    expect(other.arranger?.key).toEqual(key);
  });
});
