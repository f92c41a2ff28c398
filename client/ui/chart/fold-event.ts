/** Asks for the chart lane to be folded or unfolded. */
export class FoldEvent extends Event {
  static readonly type = "cadenza-fold";
  /** Unfolded from now on. */
  readonly open: boolean;

  constructor(open: boolean) {
    super(FoldEvent.type, { bubbles: true, composed: true });
    this.open = open;
  }
}
