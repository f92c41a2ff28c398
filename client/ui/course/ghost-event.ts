/** One of the futures is pointed at, by its index, or undefined: none any more. Bubbles. */
export class GhostEvent extends Event {
  static readonly type = "cadenza-ghost";
  readonly index: number | undefined;
  constructor(index: number | undefined) {
    super(GhostEvent.type, { bubbles: true, composed: true });
    this.index = index;
  }
}
