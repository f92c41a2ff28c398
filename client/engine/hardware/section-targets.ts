/**
 * What hardware may call of the chart: each place in the row of its sections, typed or the arranger's, and its beginning. As
 * with marks, a pad is of a place and not of a name, so that it means something in every song.
 */
import type { Session } from "#engine/jam/session.ts";
import { type Cue, withCue } from "#music/chart/player-chart.ts";
import { sectionNames } from "#music/chart/section-names.ts";
import type { Target } from "./target.ts";

const GROUP = "Sections";

/** Places that can be learned: more sections are called by the page alone. */
export const CALLED_SECTIONS = 8;

/** From where on a section comes, and how people call that. */
const ENTRIES = { bar: "at the bar", phrase: "at the phrase" } as const;

/** The target that calls the section at a place of the row. @param place zero-based; the chart's first bar where undefined */
export const sectionTarget = (place: number | undefined, on: Cue["on"]): string =>
  `section:${place === undefined ? "top" : place + 1}:${on}`;

/** Targets that call sections; a place without one does nothing and is dark. */
export function sectionTargets(session: Pick<Session, "state" | "charting">): Target[] {
  const { charting } = session;
  const namesNow = remembered(
    () => [session.state.chart.text, charting.ordered] as const,
    () => sectionNames(session.state.chart, charting.ordered),
  );
  const call = (cue: Cue) => charting.write((chart) => withCue(chart, cue));
  const places = Array.from({ length: CALLED_SECTIONS }, (_, place) => place);
  const entries = Object.entries(ENTRIES) as [Cue["on"], string][];
  return entries.flatMap(([on, at]): Target[] => [
    {
      ...{ kind: "act", id: sectionTarget(undefined, on), group: GROUP },
      name: `top of the chart ${at}`,
      act: () => call({ on }),
      isLit: () => session.state.chart.text !== "",
    },
    ...places.map(
      (place): Target => ({
        ...{ kind: "act", id: sectionTarget(place, on), group: GROUP },
        name: `section ${place + 1} ${at}`,
        act: () => {
          const section = namesNow()[place];
          if (section !== undefined) call({ section, on });
        },
        isLit: () => place < namesNow().length,
      }),
    ),
  ]);
}

/** The value of `make`, made again once one of what it hangs on is another: lights ask many times a second. */
function remembered<T>(hangsOn: () => readonly unknown[], make: () => T): () => T {
  let known: readonly unknown[] = [];
  let value: T | undefined;
  return () => {
    const now = hangsOn();
    if (value === undefined || now.some((each, at) => each !== known[at])) value = make();
    known = now;
    return value;
  };
}
