import type { Instrument } from "#music/instrument.ts";

/** The limits of an instrument's part are to be shown. Bubbles. */
export class PartEvent extends Event {
  static readonly type = "cadenza-part";
  readonly instrument: Instrument;
  constructor(instrument: Instrument) {
    super(PartEvent.type, { bubbles: true, composed: true });
    this.instrument = instrument;
  }
}
