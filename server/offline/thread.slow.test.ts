import { expect, it } from "vitest";
import { runThread } from "./thread.ts";

it("a thread that takes too much memory is ended, and whoever asked is told so in a sentence", async () => {
  const greedy = new URL("../testing/greedy-worker.ts", import.meta.url);
  await expect(
    runThread(greedy, undefined, () => undefined, new AbortController().signal),
  ).rejects.toMatchObject({ kind: "too-large", message: expect.stringMatching(/memory.*split/) });
});
