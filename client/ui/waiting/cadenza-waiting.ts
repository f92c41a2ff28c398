/**
 * Says what is being waited for, over the roll: weights on their way, the music gathered ahead before
 * the first note, a failure with its remedy. Numbers stay outside the live region: they change too
 * often to be read aloud.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { remarkOf } from "#base/failure.ts";
import type { SessionState } from "#engine/jam/session-state.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import { bytesOf, count, keyText, realTimeText, secondsText } from "../wording.ts";
import { styles } from "./cadenza-waiting.styles.ts";

interface Wait {
  readonly title: string;
  readonly detail: string;
  /** Share done 0-1; undefined where it is not known; null for nothing to show. */
  readonly share: number | undefined | null;
}

/** What there is to wait for, or undefined. Pure. @param started whether any of the piece was heard */
export function waitOf(state: SessionState, started: boolean): Wait | undefined {
  switch (state.phase) {
    case "loading":
      return loading(state);
    case "gathering":
      return {
        title: started
          ? "The music waits until more of it is composed"
          : "Composing ahead before the first note",
        detail: HINTS.gathered(
          Math.max(0, state.ahead).toFixed(1),
          secondsText(state.aheadWanted),
          realTimeText(state.realTimeFactor),
          isSlow(state),
        ),
        share: state.aheadWanted > 0 ? Math.min(1, state.ahead / state.aheadWanted) : 0,
      };
    case "failed":
      return { title: "The music cannot go on", detail: say(state.message), share: null };
    case "ready":
      return started ? undefined : invitation(state);
    case "playing":
      return undefined;
  }
}

/** Whether that is why the wait is as long as it is. */
const isSlow = ({ realTimeFactor }: SessionState): boolean =>
  realTimeFactor > 0 && realTimeFactor < 1;

function loading({ loading }: SessionState): Wait {
  if (loading === undefined || loading.totalBytes === 0) {
    return { title: "Starting the model", detail: HINTS.playInAMoment, share: undefined };
  }
  return {
    title: "Loading the model",
    detail: HINTS.arrived(bytesOf(loading.loadedBytes, loading.totalBytes)),
    share: loading.loadedBytes / loading.totalBytes,
  };
}

function invitation({ controls }: SessionState): Wait {
  const { lead, drums, tempo, key } = controls;
  return {
    title: "Press Play, or the space bar",
    detail: HINTS.invitation(INSTRUMENTS[lead], drums, tempo, keyText(key)),
    share: null,
  };
}

/**
 * @fires RemarkEvent for what could not be done, and why
 * @property session whose phase is told
 */
@customElement("cadenza-waiting")
export class CadenzaWaiting extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;

  constructor() {
    super();
    new Watch(this, () => this.session);
  }

  override render(): TemplateResult {
    const { session } = this;
    const wait = session && waitOf(session.state, session.timeline().step > 0);
    const failed = session?.state.phase === "failed";
    return html`
      <div class="panel" ?hidden=${wait === undefined} ?data-failed=${failed}>
        <p class="title" role=${failed ? "alert" : "status"}>${wait?.title}</p>
        <p class="detail">${wait?.detail}</p>
        ${
          wait === undefined || wait.share === null
            ? ""
            : wait.share === undefined
              ? html`<progress aria-label=${wait.title}></progress>`
              : html`<progress aria-label=${wait.title} max="1" .value=${wait.share}></progress>`
        }
        ${
          session?.state.phase === "ready" && session.state.leftBars !== undefined
            ? html`<button class="primary" @click=${() => this.#goOn(session)}>
                Go on after ${count(session.state.leftBars, "bar")}
              </button>`
            : ""
        }
        ${
          failed
            ? html`<button class="primary" @click=${() => location.reload()}>Load again</button>`
            : ""
        }
      </div>
    `;
  }

  #goOn(session: SessionLike): void {
    session.goOn();
    session.play().catch((error: unknown) => {
      this.dispatchEvent(new RemarkEvent(remarkOf(error), "error"));
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-waiting": CadenzaWaiting;
  }
}
