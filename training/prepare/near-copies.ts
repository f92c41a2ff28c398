/**
 * Pieces that hold the same song: arrangements by other hands, other movements' reprises, excerpts. Two pieces are near
 * copies where they share enough melodic runs that few pieces have; clusters are what near copies join. Memory grows
 * with the kept runs alone (8 bytes each), time with the pieces that share one.
 */
import { assert } from "#base/assert.ts";

/** Most pieces that may have a run that still tells a song: beyond it is a figure that everybody plays. */
const MOST_PIECES = 48;

/** Fewest shared runs of near copies, and the share of the smaller piece's runs that they must be. */
const FEWEST_SHARED = 6;
const SHARE = 0.04;

/** Pieces fit into this many values beside a run of 32 bits in a float's 53. */
const MOST = 2 ** 21;

/** Gathers the runs of pieces, then tells their clusters. */
export class NearCopies {
  #entries = new Float64Array(1 << 16);
  #count = 0;
  readonly #sizes: number[] = [];

  /** Adds the next piece's runs, each once. */
  add(runs: Uint32Array): void {
    const piece = this.#sizes.push(runs.length) - 1;
    assert(piece < MOST, `at most ${MOST} pieces`);
    if (this.#count + runs.length > this.#entries.length) {
      const larger = new Float64Array(2 * (this.#count + runs.length));
      larger.set(this.#entries.subarray(0, this.#count));
      this.#entries = larger;
    }
    for (const run of runs) this.#entries[this.#count++] = run * MOST + piece;
  }

  /** The cluster of each piece, named by its first. */
  clusters(): Int32Array {
    const pieces = this.#sizes.length;
    const cluster = Int32Array.from({ length: pieces }, (_, piece) => piece);
    const find = (piece: number): number => {
      let root = piece;
      while (cluster[root] !== root) root = cluster[root];
      for (let at = piece; at !== root; ) [cluster[at], at] = [root, cluster[at]];
      return root;
    };
    const { groups, groupsOf } = this.#shared();
    const shared = new Uint16Array(pieces);
    for (let piece = 0; piece < pieces; piece++) {
      const met: number[] = [];
      for (const group of groupsOf[piece] ?? []) {
        for (const other of groups[group]) {
          if (other >= piece) break;
          if (shared[other]++ === 0) met.push(other);
        }
      }
      for (const other of met) {
        const smaller = Math.min(this.#sizes[piece], this.#sizes[other]);
        if (shared[other] >= Math.max(FEWEST_SHARED, SHARE * smaller)) {
          const [one, two] = [find(piece), find(other)];
          cluster[Math.max(one, two)] = Math.min(one, two);
        }
        shared[other] = 0;
      }
    }
    return cluster.map((_, piece) => find(piece));
  }

  /** Pieces that have a run in common, ascending, for each run that tells a song; and each piece's such runs. */
  #shared(): { groups: Int32Array[]; groupsOf: number[][] } {
    const entries = this.#entries.subarray(0, this.#count).sort();
    const groups: Int32Array[] = [];
    const groupsOf: number[][] = [];
    for (let from = 0, to = 0; from < entries.length; from = to) {
      const run = Math.floor(entries[from] / MOST);
      while (to < entries.length && Math.floor(entries[to] / MOST) === run) to++;
      if (to - from < 2 || to - from > MOST_PIECES) continue;
      const group = Int32Array.from(entries.subarray(from, to), (entry) => entry % MOST);
      for (const piece of group) {
        groupsOf[piece] ??= [];
        groupsOf[piece].push(groups.length);
      }
      groups.push(group);
    }
    return { groups, groupsOf };
  }
}
