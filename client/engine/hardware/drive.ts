/**
 * A strip may drive controllers of its machine from what the chart asks for: energy and density of the bars, and how far a
 * section has come. Levels are joined from bar to bar, so that a filter opens with the music and does not jump.
 */
import type { ChartBar } from "#music/chart/chart.ts";
import { FINEST } from "./control-source.ts";

/** What may drive a controller. */
export const DRIVERS = ["energy", "density", "section"] as const;
export type Driver = (typeof DRIVERS)[number];

/** One controller driven: from `lowest` (calm, thin, a section's beginning) to `highest`; backwards where that is lower. */
export interface Drive {
  readonly driver: Driver;
  /** 0-127, and its lower half where the machine has 14 bits. */
  readonly controller: number;
  readonly fine: number | undefined;
  readonly lowest: number;
  readonly highest: number;
}

/** Most of them that one strip has. */
export const MOST_DRIVES = 4;

/** The highest level of a chart's energy and density. */
const HIGHEST_LEVEL = 7;
/** Where a bar that says nothing stands. */
const MIDDLE = 0.5;

/** What is read of the piece. */
export interface Charted {
  bar(index: number): Pick<ChartBar, "energy" | "density">;
  sectionAt(index: number): { readonly first: number; readonly bars: number } | undefined;
}

/** Where a driver stands, 0-1. @param bar zero-based @param part of the bar that has passed, 0-1 */
export function driverAt(driver: Driver, chart: Charted, bar: number, part: number): number {
  if (driver === "section") {
    const section = chart.sectionAt(bar);
    return section === undefined ? MIDDLE : (bar - section.first + part) / section.bars;
  }
  const level = (index: number) => {
    const asked = chart.bar(index)[driver];
    return asked === undefined ? MIDDLE : asked / HIGHEST_LEVEL;
  };
  return (1 - part) * level(bar) + part * level(bar + 1);
}

/** What a controller is sent where its driver stands at `share`: [controller, value] each 0-127. */
export function driveMessages(
  { controller, fine, lowest, highest }: Drive,
  share: number,
): (readonly [controller: number, value: number])[] {
  const value = lowest + Math.min(1, Math.max(0, share)) * (highest - lowest);
  if (fine === undefined) return [[controller, Math.round(value)]];
  const whole = Math.min(FINEST, Math.round(value * 128));
  return [
    [controller, whole >> 7],
    [fine, whole & 127],
  ];
}
