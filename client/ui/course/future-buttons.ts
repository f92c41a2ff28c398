/** Asks for four ways to go on, and picks one: pointed at, it stands out on the roll. One that is not there yet waits. */
import { html, type TemplateResult } from "lit";
import { FUTURES, type Futures } from "#engine/jam/futures-desk.ts";
import type { Leading } from "#engine/jam/leading.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";

/** What is shown, and who learns of it. */
export interface FutureChoosing {
  readonly leading: Leading;
  readonly futures: Futures | undefined;
  readonly foresee: () => void;
  /** One is pointed at, or none any more. */
  readonly point: (index: number | undefined) => void;
  readonly pick: (index: number) => void;
}

export function futureButtons({
  leading,
  futures,
  foresee,
  point,
  pick,
}: FutureChoosing): TemplateResult {
  if (futures === undefined)
    return html`<button
      class="futures"
      data-learn="course:futures"
      title=${HINTS.foresees}
      @click=${() => foresee()}
    >
      Four ways on
    </button>`;
  const ways = Array.from({ length: FUTURES }, (_, index) => index);
  return html`
    <div class="ways" role="group" aria-label="Four ways on">
      ${ways.map((index) => {
        const isThere = futures.notes[index] !== undefined;
        return html`<button
          data-learn="course:pick:${index + 1}"
          aria-label="Way ${index + 1}"
          aria-disabled=${!isThere}
          title=${isThere ? HINTS.picks(index + 1) : HINTS.notForeseenYet}
          @pointerenter=${() => point(index)}
          @pointerleave=${() => point(undefined)}
          @focus=${() => point(index)}
          @blur=${() => point(undefined)}
          @click=${() => pick(index)}
        >
          ${isThere ? index + 1 : "…"}
        </button>`;
      })}
    </div>
    <button class="quiet" title=${HINTS.forgets} @click=${() => leading.forget()}>As planned</button>
    ${futures.why === undefined ? "" : html`<p class="why" role="alert">${say(futures.why)}</p>`}
  `;
}
