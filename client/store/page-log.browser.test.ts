import { expect, it } from "vitest";
import { PageLog } from "./page-log.ts";

const logOf = (page: string) => new PageLog("log-test", page);

it("keeps what a page wrote for the next one, in its order, but not what one that lives still writes", async () => {
  for (const page of ["a", "b", "c"]) await logOf(page).clear();
  const [a, b] = [logOf("a"), logOf("b")];
  await a.append({ notes: [1, 2] });
  await b.append("elsewhere");
  await a.append({ notes: [3], bytes: new Uint8Array([7]) });
  const left = await logOf("c").left(["b"]);
  expect([...left]).toEqual([
    ["a", [{ notes: [1, 2] }, { notes: [3], bytes: new Uint8Array([7]) }]],
  ]);
  expect([...(await a.left([])).keys()]).toEqual(["b"]);
  await logOf("c").clear("a");
  expect([...(await logOf("c").left([])).keys()]).toEqual(["b"]);
  await b.clear();
  expect((await logOf("c").left([])).size).toBe(0);
});
