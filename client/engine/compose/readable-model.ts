/** Whether a model is one that music can be composed with: it writes our tokens and reads our charts, or none. */
import { Failure } from "#base/failure.ts";
import type { Manifest } from "#model/weights/manifest.ts";
import { CONDITION_GROUPS } from "#music/chart/conditions.ts";
import { VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";

/** @throws Failure "unsupported" saying what the model has and what is needed */
export function checkReadable({ id, architecture }: Manifest): void {
  const { vocabulary, conditions } = architecture;
  if (vocabulary !== VOCABULARY_SIZE) {
    throw new Failure(
      "unsupported",
      `The model ${id} has a vocabulary of ${vocabulary} tokens and music is written in ${VOCABULARY_SIZE}; choose another model.`,
    );
  }
  const same = conditions?.every(({ name, rows }, group) => {
    const ours = CONDITION_GROUPS[group];
    return ours?.name === name && ours.rows === rows;
  });
  if (conditions !== undefined && !(same && conditions.length === CONDITION_GROUPS.length)) {
    throw new Failure(
      "unsupported",
      `The model ${id} reads another kind of chart than is written here; choose another model, or export it anew.`,
    );
  }
}
