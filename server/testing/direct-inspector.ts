/** Reads what people send in the test's own thread: a thread of its own takes longer to start than most tests last. */
import { Failure } from "#base/failure.ts";
import {
  type CompositionFacts,
  type Inspected,
  inspect,
  type SongFacts,
} from "../offline/inspect.ts";
import type { Inspector } from "../offline/inspector.ts";

/** An inspector without a thread. */
export const directInspector: Inspector = {
  song: async (midi, limits) => factsOf(inspect({ kind: "song", midi, limits })) as SongFacts,
  composition: async (options, seed) =>
    factsOf(inspect({ kind: "composition", options, seed })) as CompositionFacts,
  dispose: async () => undefined,
};

function factsOf(answer: Inspected): SongFacts | CompositionFacts {
  if (answer.kind === "failed") throw new Failure(answer.failure, answer.message);
  return answer.facts;
}
