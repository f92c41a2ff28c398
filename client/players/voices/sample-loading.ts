/** Fetches the samples of all instruments, and says once, for all together, which stay synthesised. */
import { describeError } from "#base/failure.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";

/** What loading needs. */
export interface SampleLoading {
  /** Loads one instrument's samples. */
  readonly load: (instrument: Instrument) => Promise<void>;
  /** The instrument that leads now: at any time it is loaded first. */
  readonly lead: () => Instrument;
  /** Takes the sentence in force, and the one that it replaces, if any. */
  readonly tell: (sentence: string, before: string | undefined) => void;
}

/** One instrument after the other; resolves when every one was tried. */
export async function loadSamples({ load, lead, tell }: SampleLoading): Promise<void> {
  const waiting = new Set(INSTRUMENTS.keys());
  const synthesised: string[] = [];
  let told: string | undefined;
  while (waiting.size > 0) {
    const leading = lead();
    const instrument = waiting.has(leading) ? leading : [...waiting][0];
    waiting.delete(instrument);
    try {
      await load(instrument);
    } catch (error) {
      synthesised.push(INSTRUMENTS[instrument]);
      const sentence = `${playing(synthesised)} synthesised. ${describeError(error)}`;
      tell(sentence, told);
      told = sentence;
    }
  }
}

/** "Piano plays", "Piano and Bass play", "All twelve instruments play". */
function playing(names: readonly string[]): string {
  if (names.length === INSTRUMENTS.length) return "All twelve instruments play";
  const last = names.at(-1)!;
  return names.length === 1 ? `${last} plays` : `${names.slice(0, -1).join(", ")} and ${last} play`;
}
