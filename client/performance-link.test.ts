import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { drawnAlike } from "#engine/compose/composition.ts";
import type { SharedPiece } from "#engine/journal/shared-piece.ts";
import { holdsPiece, LONGEST_LINK, linkOf, pieceIn } from "./performance-link.ts";

const PAGE = new URL("https://cadenza.example/play/?seed=3&model=other#x");
const BY = { model: "cadenza-band", backend: "wasm" };

/** One of so many orders, each a little unlike the others. */
function pieceOf(orders: number, spread = 4): SharedPiece {
  const random = new Random(orders);
  const order = (drawn: number) => ({
    ...{ drawn, step: 8 * drawn },
    settings: {
      constraint: { lead: random.integer(4), drums: true, metres: [] },
      sampling: drawnAlike({ temperature: random.integer(spread) / spread }),
      seed: random.integer(spread),
    },
  });
  const first = { ...order(0), prime: [] };
  const record = { orders: [first, ...Array.from({ length: orders - 1 }, (_, at) => order(at))] };
  return {
    ...{
      version: 1,
      performance: { chart: "Äm → ♯" },
      played: [],
      cuts: [],
      leftOut: [],
      until: 8,
      print: 1,
    },
    ...{ metres: [], tempos: [{ step: 0, tempo: 96.5 }], grooves: [] },
    record: { ...record, drawn: 900 },
  } as unknown as SharedPiece;
}

describe("a link", () => {
  it("holds a piece, and asks for the model and backend that composed it", async () => {
    const link = new URL(await linkOf(pieceOf(60), BY, PAGE));
    expect(`${link.origin}${link.pathname}${link.search}`).toBe(
      "https://cadenza.example/play/?model=cadenza-band&backend=wasm",
    );
    expect(link.hash).toMatch(/^#jam=[\w-]+$/);
    expect([holdsPiece(link), holdsPiece(PAGE)]).toEqual([true, false]);
    expect(await pieceIn(link)).toEqual(pieceOf(60));
  });

  it("is refused where it would be cut on its way, with what to do instead", async () => {
    const long = linkOf(pieceOf(4000, 2 ** 30), BY, PAGE);
    await expect(long).rejects.toMatchObject({
      kind: "too-large",
      remark: { code: "link-too-long", parameters: { most: LONGEST_LINK } },
    });
  });

  it("that is cut, spoilt or no link of ours says so once", async () => {
    const { href } = new URL(await linkOf(pieceOf(20), BY, PAGE));
    const whole = href.slice(href.indexOf("#"));
    const spoilt = [
      "#jam=",
      "#jam=%20%20",
      "#jam=AAAA",
      whole.slice(0, -1),
      whole.slice(0, whole.length >> 1),
      `${whole.slice(0, 40)}xyz${whole.slice(43)}`,
      `#jam=${"A".repeat(2 * LONGEST_LINK)}`,
    ];
    for (const hash of spoilt)
      await expect(pieceIn(new URL(hash, PAGE))).rejects.toMatchObject({
        kind: "unreadable",
        remark: { code: "link-unreadable" },
      });
  });

  it("that unfolds without end is not read to it", async () => {
    const zeros = new Blob([new Uint8Array(8 * 1024 * 1024)]).stream();
    const stream = zeros.pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = Buffer.from(await new Response(stream).arrayBuffer());
    const link = new URL(`#jam=${bytes.toString("base64url")}`, PAGE);
    expect(link.hash.length).toBeLessThan(LONGEST_LINK);
    await expect(pieceIn(link)).rejects.toMatchObject({
      kind: "unreadable",
      cause: expect.any(RangeError),
    });
  });
});
