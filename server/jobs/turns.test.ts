import { describe, expect, it } from "vitest";
import { Turns } from "./turns.ts";

const job = (client: string, cost = 1) => ({ client, cost });

/** Clients in the order in which their jobs run, one place only. */
function orderOf(clients: readonly string[]): string {
  const turns = new Turns({ running: 1, short: 10 });
  const waiting = clients.map((client) => job(client));
  let order = "";
  while (waiting.length > 0) {
    const next = turns.next(waiting, [])!;
    waiting.splice(waiting.indexOf(next), 1);
    order += next.client;
  }
  return order;
}

describe("Turns", () => {
  it("goes from client to client, whoever has how many", () => {
    expect(orderOf([..."aaaabbc"])).toBe("abcabaa");
  });

  it("keeps a client's own order", () => {
    const [first, second] = [job("a"), job("a")];
    expect(new Turns({ running: 1, short: 10 }).next([first, second], [])).toBe(first);
  });

  it("runs one job of a client at a time, and no more than there are places", () => {
    const turns = new Turns({ running: 2, short: 10 });
    expect(turns.next([job("a")], [job("a")])).toBeUndefined();
    expect(turns.next([job("a")], [job("b")])?.client).toBe("a");
    expect(turns.next([job("a")], [job("b"), job("c")])).toBeUndefined();
  });

  it("leaves the last place to short jobs, unless it is the only one", () => {
    const turns = new Turns({ running: 2, short: 10 });
    const waiting = [job("b", 100), job("c", 5)];
    expect(turns.next(waiting, [job("a", 100)])?.client).toBe("c");
    expect(turns.next(waiting, [job("a", 1)])?.client).toBe("b");
    expect(new Turns({ running: 1, short: 10 }).next([job("b", 100)], [])?.client).toBe("b");
  });
});
