/** Something to be told, sent up to the app from any element. */
import { type Remark, sentence } from "#base/remark.ts";

/** `error`: something failed. `hint`: why a control does nothing now, or what just happened. */
export type RemarkTone = "error" | "hint";

/** Bubbles out of shadow roots to `cadenza-app`, which shows it. */
export class RemarkEvent extends Event {
  static readonly type = "cadenza-remark";
  readonly remark: Remark;
  readonly tone: RemarkTone;

  /** @param told a remark, or one sentence of the element's own: what is the matter, then what to do */
  constructor(told: string | Remark, tone: RemarkTone) {
    super(RemarkEvent.type, { bubbles: true, composed: true });
    this.remark = typeof told === "string" ? sentence(told) : told;
    this.tone = tone;
  }
}
