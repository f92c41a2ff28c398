/** A chart as lines for people: four bars a line, their chords, levels as digits, who leads and who plays. */
import type { ChartBar, ChartChord } from "#music/chart/chart.ts";
import { chordName } from "#music/chart/chord-names.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { type MetreMap, metreName } from "#music/metre.ts";

/** Bars of a line. */
const BARS = 4;

/** What is not said. */
const OPEN = "-";

/** Lines such as "1 4/4 | C | Am F | G7 | C | density 5455 drums 3333 energy 5555 novelty 4321 lead Piano; Piano, Bass". */
export function chartLines(bars: readonly ChartBar[], metres: MetreMap): string[] {
  return Array.from({ length: Math.ceil(bars.length / BARS) }, (_, line) => {
    const own = bars.slice(line * BARS, (line + 1) * BARS);
    const levels = (level: (bar: ChartBar) => number | undefined): string =>
      own.map((bar) => level(bar) ?? OPEN).join("");
    const leaders = own.map(({ leader }) => (leader === undefined ? OPEN : INSTRUMENTS[leader]));
    const players = INSTRUMENTS.filter((_, id) => own.some((bar) => bar.players[id] === true));
    return [
      `${1 + line * BARS} ${metreName(metres.bar(line * BARS).metre)}`,
      `| ${own.map((bar) => chordsOf(bar.chords)).join(" | ")} |`,
      `density ${levels((bar) => bar.density)} drums ${levels((bar) => bar.drumDensity)}`,
      `energy ${levels((bar) => bar.energy)} novelty ${levels((bar) => bar.novelty)}`,
      `lead ${leaders.filter((leader, i) => leader !== leaders[i - 1]).join(" ")};`,
      players.join(", "),
    ].join(" ");
  });
}

function chordsOf([first, second]: readonly [ChartChord, ChartChord]): string {
  const name = (chord: ChartChord): string => (chord === undefined ? OPEN : chordName(chord));
  return name(first) === name(second) ? name(first) : `${name(first)} ${name(second)}`;
}
