/** Something to be told in words, sent up to the app from any element. */

/** `error`: something failed. `hint`: why a control does nothing now, or what just happened. */
export type NoticeTone = "error" | "hint";

/** Bubbles out of shadow roots to `cadenza-app`, which shows it. */
export class NoticeEvent extends Event {
  static readonly type = "cadenza-notice";
  readonly text: string;
  readonly tone: NoticeTone;

  /** @param text one sentence: what is the matter, then what to do */
  constructor(text: string, tone: NoticeTone) {
    super(NoticeEvent.type, { bubbles: true, composed: true });
    this.text = text;
    this.tone = tone;
  }
}
