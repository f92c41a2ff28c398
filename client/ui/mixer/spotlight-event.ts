import type { Instrument } from "#music/instrument.ts";

/** One instrument is to be seen alone on the roll, or undefined: all of them again. Bubbles. */
export class SpotlightEvent extends Event {
  static readonly type = "cadenza-spotlight";
  readonly instrument: Instrument | undefined;
  constructor(instrument: Instrument | undefined) {
    super(SpotlightEvent.type, { bubbles: true, composed: true });
    this.instrument = instrument;
  }
}
