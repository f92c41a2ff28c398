/** The circle of fifths as drawings: twelve majors outside, their relative minors inside. */
import { isMinorScale, type Key } from "#music/key.ts";

/** One field of the wheel. Angles in degrees, clockwise from the top. */
export interface Segment {
  readonly tonic: number;
  readonly minor: boolean;
  readonly label: string;
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

const OUTER = { inside: 60, outside: 92 };
const INNER = { inside: 34, outside: 59 };
const MINOR_LABELS = ["a", "e", "b", "f♯", "c♯", "g♯", "d♯", "b♭", "f", "c", "g", "d"];
const MAJOR_LABELS = ["C", "G", "D", "A", "E", "B", "F♯", "D♭", "A♭", "E♭", "B♭", "F"];

/** Whether a key's field is this one. */
export const holds = (segment: Segment, key: Key): boolean =>
  segment.tonic === key.tonic && segment.minor === isMinorScale(key.scale);

/** The 24 fields around the origin, radius 92. */
export const SEGMENTS: readonly Segment[] = [false, true].flatMap((minor) =>
  Array.from({ length: 12 }, (_, place) => segment(place, minor)),
);

function segment(place: number, minor: boolean): Segment {
  const { inside, outside } = minor ? INNER : OUTER;
  const from = place * 30 - 14;
  const to = place * 30 + 14;
  const middle = (inside + outside) / 2;
  const at = (radius: number, angle: number) => {
    const radians = (angle * Math.PI) / 180;
    return [radius * Math.sin(radians), -radius * Math.cos(radians)].map((v) => v.toFixed(2));
  };
  const [x, y] = at(middle, place * 30).map(Number);
  return {
    tonic: (place * 7 + (minor ? 9 : 0)) % 12,
    minor,
    label: (minor ? MINOR_LABELS : MAJOR_LABELS)[place],
    path:
      `M${at(outside, from)} A${outside} ${outside} 0 0 1 ${at(outside, to)} ` +
      `L${at(inside, to)} A${inside} ${inside} 0 0 0 ${at(inside, from)} Z`,
    x,
    y,
  };
}
