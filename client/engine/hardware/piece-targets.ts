/** What hardware may choose of the piece that is no control with a number: who leads, the metre, the key. */
import type { Session } from "#engine/jam/session.ts";
import { LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { type Key, SCALES, TONICS } from "#music/key.ts";
import { OFFERED_METRES } from "#music/metre.ts";
import type { Target } from "./target.ts";

const GROUP = "Shape";
/** The key that is there when one is switched on. */
const FIRST_KEY: Key = { tonic: 0, scale: "major" };

export function pieceTargets(session: Pick<Session, "state" | "setControls">): Target[] {
  const scales = Object.keys(SCALES);
  const key = () => session.state.controls.key;
  const list = (
    what: string,
    name: string,
    length: number,
    choose: (index: number) => void,
  ): Target => ({
    ...{ kind: "list", id: `piece:${what}`, name, group: GROUP },
    length: () => length,
    choose,
  });
  return [
    list("lead", "lead", LEAD_INSTRUMENTS.length, (index) =>
      session.setControls({ lead: LEAD_INSTRUMENTS[index] }),
    ),
    list("metre", "metre", OFFERED_METRES.length, (index) =>
      session.setControls({ metre: OFFERED_METRES[index] }),
    ),
    {
      ...{ kind: "switch", id: "piece:key", name: "key held", group: GROUP },
      isOn: () => key() !== undefined,
      flip: () => session.setControls({ key: key() === undefined ? FIRST_KEY : undefined }),
    },
    list("tonic", "key's tonic", TONICS.length, (tonic) =>
      session.setControls({ key: { ...(key() ?? FIRST_KEY), tonic } }),
    ),
    list("scale", "key's scale", scales.length, (index) =>
      session.setControls({ key: { ...(key() ?? FIRST_KEY), scale: scales[index] } }),
    ),
  ];
}
