/** Something to be told in words, sent up to the app from any element. */

/** `error`: something failed. `hint`: why a control does nothing now, or what just happened. */
export type RemarkTone = "error" | "hint";

/** Bubbles out of shadow roots to `cadenza-app`, which shows it. */
export class RemarkEvent extends Event {
  static readonly type = "cadenza-remark";
  readonly text: string;
  readonly tone: RemarkTone;

  /** @param text one sentence: what is the matter, then what to do */
  constructor(text: string, tone: RemarkTone) {
    super(RemarkEvent.type, { bubbles: true, composed: true });
    this.text = text;
    this.tone = tone;
  }
}
