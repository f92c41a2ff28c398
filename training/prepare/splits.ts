/**
 * Which split a piece belongs to: by the hash of its content, and by cluster, so that no song stands in two. A cluster
 * goes where its member of the lowest hash value goes; one that is held out keeps that member alone.
 */

/** The parts of the data. */
export const SPLITS = ["train", "validation", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** Values of a hash that decide: 2 in 100 validation, 2 in 100 test. */
const VALUES = 100;
const hashValue = (hash: string): number => Number.parseInt(hash.slice(0, 8), 16) % VALUES;
const splitOf = (value: number): Split => (value < 2 ? "validation" : value < 4 ? "test" : "train");

/** What a split needs to know of a piece. */
export interface Candidate {
  /** SHA-1 of its fingerprint, hexadecimal. */
  readonly hash: string;
  /** Whether earlier weights learned from its file. */
  readonly learned: boolean;
}

/** Where a piece goes; undefined where another piece of its song is held out. */
export interface Place {
  readonly split: Split | undefined;
  /** Whether no piece of its song was learned from. */
  readonly fresh: boolean;
}

/** How pieces fell into clusters, for the report. */
export interface ClusterCounts {
  /** Clusters of two pieces or more, and the pieces in them. */
  readonly clusters: number;
  readonly pieces: number;
  readonly largest: number;
  /** Clusters (of one piece, too) that are held out, and those of which nothing was learned from. */
  readonly heldOut: number;
  readonly fresh: number;
}

/** Places pieces whose clusters are named by their first piece. */
export function placeInSplits(
  pieces: readonly Candidate[],
  clusters: ArrayLike<number>,
): { places: Place[]; counts: ClusterCounts } {
  const members = new Map<number, number[]>();
  for (const piece of pieces.keys()) {
    const own = members.get(clusters[piece]);
    if (own === undefined) members.set(clusters[piece], [piece]);
    else own.push(piece);
  }
  const places: Place[] = [];
  const counts = { clusters: 0, pieces: 0, largest: 0, heldOut: 0, fresh: 0 };
  for (const own of members.values()) {
    const values = own.map((piece) => hashValue(pieces[piece].hash));
    const lowest = Math.min(...values);
    const first = own[values.indexOf(lowest)];
    const split = splitOf(lowest);
    const fresh = own.every((piece) => !pieces[piece].learned);
    for (const piece of own) {
      const stays = split === "train" || piece === first;
      places[piece] = { split: stays ? split : undefined, fresh };
    }
    counts.largest = Math.max(counts.largest, own.length);
    if (own.length > 1) {
      counts.clusters++;
      counts.pieces += own.length;
    }
    if (split !== "train") {
      counts.heldOut++;
      if (fresh) counts.fresh++;
    }
  }
  return { places, counts };
}
