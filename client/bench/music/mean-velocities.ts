/** How loud each instrument plays. */
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";

/** Of each instrument that plays, by its name, the mean velocity of its notes, to a tenth. */
export function meanVelocities(notes: readonly Note[]): Record<string, number> {
  const heard = INSTRUMENTS.flatMap((name, at): [string, number][] => {
    const own = notes.filter(({ instrument }) => instrument === at);
    const sum = own.reduce((total, { velocity }) => total + velocity, 0);
    return own.length === 0 ? [] : [[name, Number((sum / own.length).toFixed(1))]];
  });
  return Object.fromEntries(heard);
}
