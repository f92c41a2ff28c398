/** What hardware may move of one instrument's part: its register, how many notes at once, how dense, which of its pitches, how loud. */
import { COUNTED_LIMITS, PITCH_PARTS, VELOCITY_PARTS } from "#engine/compose/choices.ts";
import type { Strip } from "#engine/jam/performance.ts";
import type { Session } from "#engine/jam/session.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { NATURAL_RANGES } from "#music/rules/natural-ranges.ts";
import type { PartLimits } from "#music/rules/part.ts";
import type { Target } from "./target.ts";

const COUNTED_NAMES = { polyphony: "notes at once", density: "notes a whole note" } as const;
const ENDS = ["lowest", "highest"] as const;

/** Targets of an instrument's part; all the way up a count is as it comes. */
export function partTargets(
  session: Pick<Session, "state" | "setStrip">,
  instrument: Instrument,
): Target[] {
  const group = INSTRUMENTS[instrument];
  const limits = () => session.state.strips[instrument].limits;
  const named = (what: string, name: string) => {
    return { id: `strip:${instrument}:${what}`, name: `${group} ${name}`, group };
  };
  const limit = (changed: PartLimits) => session.setStrip(instrument, { limits: changed });
  const counted = (["polyphony", "density"] as const).map((what): Target => {
    const counts: readonly (number | undefined)[] = [...COUNTED_LIMITS[what], undefined];
    return {
      ...{ kind: "range", ...named(what, COUNTED_NAMES[what]) },
      share: () => Math.max(0, counts.indexOf(limits()[what])) / (counts.length - 1),
      move: (share) => {
        const { [what]: _, ...rest } = limits();
        const count = counts[Math.round(share * (counts.length - 1))];
        limit(count === undefined ? rest : { ...rest, [what]: count });
      },
    };
  });
  const list = <Name extends "pitches" | "velocities">(
    what: Name,
    name: string,
    parts: Readonly<Record<Strip[Name], string>>,
  ): Target => {
    const options = Object.keys(parts);
    return {
      ...{ kind: "list", ...named(what, name) },
      length: () => options.length,
      choose: (index) => session.setStrip(instrument, { [what]: options[index] }),
    };
  };
  const velocities = list("velocities", "loudness", VELOCITY_PARTS);
  if (instrument === DRUMS) return [...counted, velocities];
  const [bottom, top] = NATURAL_RANGES[instrument];
  const register = () => limits().register ?? ([bottom, top] as const);
  const ends = ENDS.map((what, end): Target => {
    return {
      ...{ kind: "range", ...named(what, `${what} pitch`) },
      share: () => (register()[end] - bottom) / (top - bottom),
      move: (share) => {
        const [lowest, highest] = register();
        const pitch = Math.round(bottom + share * (top - bottom));
        const moved: readonly [number, number] =
          end === 0 ? [Math.min(pitch, highest), highest] : [lowest, Math.max(pitch, lowest)];
        const { register: _, ...rest } = limits();
        limit(moved[0] === bottom && moved[1] === top ? rest : { ...rest, register: moved });
      },
    };
  });
  return [...ends, ...counted, list("pitches", "pitches", PITCH_PARTS), velocities];
}
