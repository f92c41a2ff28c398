/**
 * A performance goes to another browser as a link, and comes from one: there it is composed once more in a thread of its
 * own, by its seed and its orders, becomes a take, and can be gone on with.
 */
import { remarkOf } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { keptPerformance } from "#engine/jam/kept-performance.ts";
import type { Session } from "#engine/jam/session.ts";
import { Journal } from "#engine/journal/journal.ts";
import type { RecordedSource } from "#engine/journal/recorded-source.ts";
import { heardOf, printOf, type SharedPiece, sharedOf } from "#engine/journal/shared-piece.ts";
import type { Studio } from "#engine/studio/studio.ts";
import type { DecoderClient } from "#worker/decoder-client.ts";
import { holdsPiece, linkOf, pieceIn } from "./performance-link.ts";

/** What is shared, and how. */
export interface Sharing {
  readonly session: Session;
  readonly source: RecordedSource;
}

/** Copies links to what was heard so far; where the browser does not let, they go into the address bar. */
export const linkCopier = ({ session, source }: Sharing) => ({
  copyLink: async (): Promise<"copied" | "in the address"> => {
    const { model, backend } = session.state;
    const by = { model: model?.id ?? "", backend: backend ?? "auto" };
    const link = await linkOf(sharedOf(session.heardSoFar, source.record), by, pageAddress());
    try {
      await navigator.clipboard.writeText(link);
      return "copied";
    } catch {
      // Refused, or no secure page: the address bar can be copied by hand.
      history.replaceState(null, "", link);
      return "in the address";
    }
  },
});

/** Who takes a performance in. */
export interface Receiving {
  readonly session: Session;
  readonly studio: Studio;
  /** Opens a thread with the model; whoever opens it disposes it. */
  readonly open: () => Promise<DecoderClient>;
}

/** Takes in what the page's address holds, and what it is given while the page lives. */
export async function receiveLink(receiving: Receiving): Promise<void> {
  addEventListener("hashchange", () => holdsPiece(pageAddress()) && location.reload());
  if (!holdsPiece(pageAddress())) return;
  const { session } = receiving;
  const composing = remark("link-composing", {});
  session.addRemark(composing);
  try {
    await receive(await pieceIn(pageAddress()), receiving);
    // A reload would compose it again.
    history.replaceState(null, "", location.href.slice(0, -location.hash.length));
  } catch (error) {
    session.addRemark(remarkOf(error));
  } finally {
    session.dropRemark(composing);
  }
}

async function receive(shared: SharedPiece, { session, studio, open }: Receiving): Promise<void> {
  const client = await open();
  try {
    const music = heardOf(shared, await client.replay(shared.record));
    const performance =
      keptPerformance(shared.performance, session.performance) ?? session.performance;
    const journal = new Journal();
    journal.restore(music);
    const { seed } = shared.record.orders[0].settings;
    const controls = { ...performance.controls, seed };
    const midi = journal.toMidi(`Cadenza, seed ${seed}`);
    const name = studio.keep({ controls, music, midi });
    session.bringBack(performance);
    session.offer(music);
    const isSame = printOf(music.notes) === shared.print;
    session.addRemark(remark(isSame ? "link-composed" : "link-differs", { name }));
  } finally {
    client.dispose();
  }
}

const pageAddress = (): URL => new URL(location.href);
