/**
 * What hardware may keep and call back: the section that sounds, and each place in the row of marks, by how its mark comes.
 * A pad is of a place and not of a mark: marks come and go while it stays learned.
 */
import { RECALLS, type Recall } from "#engine/jam/mark-desk.ts";
import type { Session } from "#engine/jam/session.ts";
import { MOST_MARKS } from "#music/chart/player-chart.ts";
import type { Target } from "./target.ts";

const GROUP = "Marks";

/** What a press does with a mark, for people. */
const NAMES = { once: "once", round: "round and round", anew: "composed anew" } as const;

/** The target that brings back the mark at a place of the row. @param place zero-based */
export const markTarget = (place: number, how: Recall): string => `mark:${place + 1}:${how}`;

/** Targets that keep the section and bring marks back at the next bar; a place without a mark does nothing and is dark. */
export function markTargets(session: Pick<Session, "state" | "leading">): Target[] {
  const { leading } = session;
  const markAt = (place: number) => session.state.chart.marks[place];
  const places = Array.from({ length: MOST_MARKS }, (_, place) => place);
  return [
    {
      ...{ kind: "act", id: "mark:section", name: "mark the section", group: GROUP },
      act: () => leading.mark(),
      isLit: () => session.state.keeps,
    },
    ...RECALLS.flatMap((how) =>
      places.map(
        (place): Target => ({
          ...{ kind: "act", id: markTarget(place, how), group: GROUP },
          name: `mark ${place + 1} ${NAMES[how]}`,
          act: () => {
            const mark = markAt(place);
            if (mark !== undefined) leading.recall(mark.name, "bar", how);
          },
          isLit: () => markAt(place) !== undefined,
        }),
      ),
    ),
  ];
}
