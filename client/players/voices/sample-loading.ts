/** Fetches the samples of all instruments, and says once, for all together, which stay synthesised. */
import { remarkOf } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";

/** What loading needs. */
export interface SampleLoading {
  /** Loads one instrument's samples. */
  readonly load: (instrument: Instrument) => Promise<void>;
  /** The instrument that leads now: at any time it is loaded first. */
  readonly lead: () => Instrument;
  /** Takes the remark in force, and the one that it replaces, if any. */
  readonly tell: (now: Remark, before: Remark | undefined) => void;
}

/** One instrument after the other; resolves when every one was tried. */
export async function loadSamples({ load, lead, tell }: SampleLoading): Promise<void> {
  const waiting = new Set(INSTRUMENTS.keys());
  const synthesised: string[] = [];
  let told: Remark | undefined;
  while (waiting.size > 0) {
    const leading = lead();
    const instrument = waiting.has(leading) ? leading : [...waiting][0];
    waiting.delete(instrument);
    try {
      await load(instrument);
    } catch (error) {
      synthesised.push(INSTRUMENTS[instrument]);
      const now = remark("plays-synthesised", {
        instruments: [...synthesised],
        of: INSTRUMENTS.length,
        reason: remarkOf(error),
      });
      tell(now, told);
      told = now;
    }
  }
}
