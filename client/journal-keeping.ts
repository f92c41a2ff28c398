/**
 * What is heard of a piece is written down every second, so that a crash or a reload loses no more. The next visit puts
 * it among the takes and offers to go on with it. Pages that live at the same time leave each other's alone.
 */
import { describeError } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { keptPerformance } from "#engine/jam/kept-performance.ts";
import type { Session } from "#engine/jam/session.ts";
import { pieceOf } from "#engine/journal/chunks.ts";
import { Journal } from "#engine/journal/journal.ts";
import { PieceWriting } from "#engine/journal/piece-writing.ts";
import type { RecordedSource } from "#engine/journal/recorded-source.ts";
import type { Studio } from "#engine/studio/studio.ts";
import { PageLog } from "#store/page-log.ts";
import { whyNotKept } from "#store/why-not-kept.ts";
import type { WhenKept } from "./keeping.ts";

/** Milliseconds between two chunks. */
const INTERVAL = 900;

/** A page holds a lock of this name, with its id, as long as it lives. */
const ALIVE = "cadenza-page-";

/** What is written down, and whom it is given back to. */
export interface JournalKeeping {
  readonly session: Session;
  readonly studio: Studio;
  readonly source: RecordedSource;
  /** Whether a take has outlived this visit. */
  readonly whenKept: WhenKept;
  /** Calls `run` every `interval` milliseconds, in hidden tabs too. */
  readonly every: (run: () => void, interval: number) => void;
}

/** Takes over what pages that are gone have left, then writes down what this one plays. */
export async function keepJournal(keeping: JournalKeeping): Promise<void> {
  const { session } = keeping;
  const complain = (error: unknown) =>
    session.addRemark(
      whyNotKept(error, remark("tracks-not-kept", { reason: describeError(error) })),
    );
  const page = crypto.randomUUID();
  // Held until the page is gone, whatever ends it.
  void navigator.locks?.request(ALIVE + page, () => new Promise(() => undefined));
  const log = new PageLog("journal", page);
  try {
    await takeOver(keeping, log, complain);
  } catch (error) {
    complain(error);
    return;
  }
  const writing = new PieceWriting(log, complain);
  const write = () => writing.write({ ...session.heardSoFar, record: keeping.source.record });
  session.taken.on(() => writing.begin());
  keeping.every(write, INTERVAL);
  addEventListener("pagehide", write);
}

/** The newest piece that was left in play is offered; all are takes from now on. */
async function takeOver(
  { session, studio, whenKept }: JournalKeeping,
  log: PageLog,
  complain: (error: unknown) => void,
): Promise<void> {
  const locks = await navigator.locks?.query();
  const alive = (locks?.held ?? []).flatMap(({ name }) =>
    name?.startsWith(ALIVE) ? [name.slice(ALIVE.length)] : [],
  );
  for (const [page, chunks] of await log.left(alive)) {
    const piece = pieceOf(chunks);
    if (piece === undefined) await log.clear(page);
    else {
      const { controls } =
        keptPerformance(piece.performance, session.performance) ?? session.performance;
      const journal = new Journal();
      journal.restore(piece.music);
      const [begun] = piece.record.orders;
      const seed = begun?.settings.seed ?? controls.seed;
      const midi = journal.toMidi(`Cadenza, seed ${seed}`);
      const name = studio.keep({ controls: { ...controls, seed }, music: piece.music, midi });
      session.offer(piece.music);
      // Where the storage is full the take is in no list of the next visit: what was left stays, and is found again.
      void whenKept(name)
        .then(() => log.clear(page))
        .catch(complain);
    }
  }
}
