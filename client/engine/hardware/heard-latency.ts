/**
 * How late sounds are heard after they were played: the delay on which most of them agree, since a room has other sounds,
 * too. They are played at uneven intervals, so that no other delay could be taken for it.
 */
import { median } from "./median.ts";

/** What is heard of sounds. Seconds. */
export interface HeardLatency {
  readonly late: number;
  /** Half of the sounds lie within this of it. */
  readonly spread: number;
  /** When the sounds that agree were heard. */
  readonly heard: readonly number[];
}

/** When a sound was heard, and how late that is for one that was played. */
interface Delay {
  readonly heard: number;
  readonly late: number;
}

/** Seconds within which delays agree. */
const AGREEING = 0.005;
/** Share of sounds that have to. */
const LEAST_SHARE = 0.6;

/**
 * What is told by `starts`, when sounds began on the clock of the times in `played`; undefined where too few agree.
 * @param from and @param until the least and the greatest delay that is looked for
 */
export function heardLatency(
  played: readonly number[],
  starts: readonly number[],
  [from, until]: readonly [from: number, until: number],
): HeardLatency | undefined {
  const delays = played.map((at) =>
    starts
      .map((heard) => ({ heard, late: heard - at }))
      .filter(({ late }) => late >= from && late <= until),
  );
  let best: readonly Delay[] = [];
  for (const { late } of delays.flat()) {
    const agreeing = delays.flatMap((each) => nearest(each, late));
    if (agreeing.length > best.length) best = agreeing;
  }
  if (best.length < LEAST_SHARE * played.length) return undefined;
  const late = median(best.map((each) => each.late));
  const spread = median(best.map((each) => Math.abs(each.late - late)));
  return { late, spread, heard: best.map(({ heard }) => heard) };
}

/** The delay nearest to `late`, if it agrees. */
function nearest(delays: readonly Delay[], late: number): Delay[] {
  const [first] = [...delays].sort((a, b) => Math.abs(a.late - late) - Math.abs(b.late - late));
  return first !== undefined && Math.abs(first.late - late) <= AGREEING ? [first] : [];
}
