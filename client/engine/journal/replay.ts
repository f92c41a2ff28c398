/** A piece composed once more by its orders: note for note what it was, on the same model and backend. */
import { Failure } from "#base/failure.ts";
import type { Composer } from "#engine/compose/composer.ts";
import { endedAt } from "#engine/compose/ended-notes.ts";
import type { Note } from "#music/note.ts";
import type { OrderRecord } from "./recorded-source.ts";

/**
 * The notes that stood once so many tokens were drawn, by onset.
 * @param composer of the same model, backend and tokenization as the one before
 * @throws Failure "unreadable" where orders were carried out at points that this model does not come to
 */
export async function replay(composer: Composer, { orders, drawn }: OrderRecord): Promise<Note[]> {
  let notes: Note[] = [];
  let endsAt = Number.POSITIVE_INFINITY;
  const compose = async (until: number) => {
    while (composer.drawn < until) notes.push(...endedAt([await composer.next()], endsAt));
    if (composer.drawn === until) return;
    throw new Failure(
      "unreadable",
      "These orders were given to another model, or on another backend; choose those they name.",
    );
  };
  for (const { drawn: at, step, settings, prime } of orders) {
    if (prime !== undefined) {
      composer.begin(settings, prime);
      notes = [...prime];
    } else {
      await compose(at);
      composer.retake(step, settings);
      notes = notes.filter(({ onset }) => onset < step);
    }
    endsAt = settings.endsAt ?? Number.POSITIVE_INFINITY;
  }
  if (orders.length > 0) await compose(drawn);
  return notes;
}
