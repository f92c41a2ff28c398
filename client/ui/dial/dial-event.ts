/** A dial was turned; bubbles. `value` is within the dial's range and on its steps. */
export class DialEvent extends Event {
  static readonly type = "cadenza-dial";
  readonly value: number;
  constructor(value: number) {
    super(DialEvent.type, { bubbles: true, composed: true });
    this.value = value;
  }
}
