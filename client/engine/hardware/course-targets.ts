/** What hardware may lead the piece by: something else, bars that go round, come back or are kept, what was played along. */
import { BAR_COUNTS } from "#engine/jam/course.ts";
import { FUTURES } from "#engine/jam/futures-desk.ts";
import type { Session } from "#engine/jam/session.ts";
import { isRepeating } from "#engine/jam/session-state.ts";
import type { Target } from "./target.ts";

const GROUP = "Bars";

/** Bars ago that one goes back to at a press. */
const BACK = [1, 2, 4, 8, 16] as const;

/** What they move. */
export type LedSession = Pick<Session, "state" | "leading" | "metres" | "timeline">;

export function courseTargets(session: LedSession): Target[] {
  const { leading } = session;
  const repeats = () => isRepeating(session.state);
  const bars = (number: number) => (number === 1 ? "bar" : `${number} bars`);
  const back = (ago: number) =>
    leading.goBack(Math.max(0, session.metres.barAt(session.timeline().step).index - ago));
  const act = (id: string, name: string, does: () => void): Target => ({
    ...{ kind: "act", id: `course:${id}`, name, group: GROUP, act: does },
  });
  return [
    act("another", "another continuation", () => leading.another()),
    ...BAR_COUNTS.map(
      (count): Target => ({
        ...{ kind: "switch", id: `course:repeat:${count}`, group: GROUP },
        name: `repeat the ${bars(count)}`,
        isOn: repeats,
        flip: () => {
          if (repeats()) leading.letGo();
          else leading.repeat(count);
        },
      }),
    ),
    ...BAR_COUNTS.map((count) =>
      act(`record:${count}`, `loop my last ${bars(count)}`, () => leading.record(count)),
    ),
    ...BAR_COUNTS.map((count) =>
      act(`keep:${count}`, `keep the ${bars(count)}`, () => leading.keep(count)),
    ),
    act("futures", "four ways on", () => leading.foresee()),
    ...Array.from({ length: FUTURES }, (_, index) =>
      act(`pick:${index + 1}`, `take way ${index + 1}`, () => leading.pick(index)),
    ),
    ...BACK.map((ago) =>
      act(`back:${ago}`, `back ${ago === 1 ? "a bar" : bars(ago)}`, () => back(ago)),
    ),
  ];
}
