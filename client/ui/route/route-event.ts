import type { Instrument } from "#music/instrument.ts";

/** Where an instrument's notes go is to be shown. Bubbles. */
export class RouteEvent extends Event {
  static readonly type = "cadenza-route";
  readonly instrument: Instrument;
  constructor(instrument: Instrument) {
    super(RouteEvent.type, { bubbles: true, composed: true });
    this.instrument = instrument;
  }
}
