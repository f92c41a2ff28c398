/**
 * A model's manifest outlives the page, so that a model whose shards are kept opens where its server has gone. What the
 * source says counts: the kept text is asked only where the source does not answer, and its shards are verified as ever.
 */
import { describeError, Failure } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { TextStore } from "../text-store.ts";

/**
 * What `read` gives, kept under `key`; what was kept where the source is unavailable, which is reported.
 * @throws what `read` throws, where nothing is kept or the source did answer.
 */
export async function readOrKept(
  read: () => Promise<string>,
  key: string,
  store: TextStore | undefined,
  report: (remark: Remark) => void,
): Promise<string> {
  const attempt = async <T>(work: (store: TextStore) => Promise<T>): Promise<T | undefined> => {
    try {
      return store && (await work(store));
    } catch (error) {
      report(remark("weights-not-kept", { reason: describeError(error) }));
      return undefined;
    }
  };
  let text: string;
  try {
    text = await read();
  } catch (error) {
    if (!(error instanceof Failure && error.kind === "unavailable")) throw error;
    const before = await attempt((kept) => kept.get(key));
    if (before === undefined) throw error;
    report(remark("kept-model", {}));
    return before;
  }
  await attempt((kept) => kept.set(key, text));
  return text;
}
