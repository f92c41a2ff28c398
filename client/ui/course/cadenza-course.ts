/**
 * Where the player leads the piece: something else than what is planned, bars that go round, come back or are kept, parts
 * that are frozen, and what was played along going round under the band. What goes round is listed, to be let go.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { remarkOf } from "#base/failure.ts";
import { BAR_COUNTS, type BarCount, isFrozen, type Layer, partOf } from "#engine/jam/course.ts";
import { isRepeating } from "#engine/jam/session-state.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { CLOSE } from "../icons.ts";
import { isOn } from "../is-on.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { CueLike, SessionLike } from "../surface-model.ts";
import { unlessEdited } from "../unless-edited.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { count } from "../wording.ts";
import { styles } from "./cadenza-course.styles.ts";
import { CourseKeys } from "./course-keys.ts";
import { cueSelect } from "./cue-select.ts";
import { futureButtons } from "./future-buttons.ts";
import { GhostEvent } from "./ghost-event.ts";

/**
 * @fires RemarkEvent for what could not be done, and why
 * @fires GhostEvent when a future is pointed at, or no longer
 * @property session that is led
 * @property cue a second output, where there can be one
 */
@customElement("cadenza-course")
export class CadenzaCourse extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) cue: CueLike | undefined;
  /** How many bars are repeated, kept or recorded at once. */
  @state() private bars: BarCount = 1;
  /** The bar to go back to, as people count. */
  @state() private bar = 1;

  constructor() {
    super();
    new Watch(this, () => this.session);
    new Watch(this, () => this.cue);
    new CourseKeys(this, {
      another: () => this.session?.leading.another(),
      repeat: () => this.#repeat(),
      keep: () => this.#keep(),
      record: () => this.#record(),
      foresee: () => this.#foresee(),
      pick: (index) => this.#pick(index),
    });
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    const { course, records, keeps } = session.state;
    const repeats = isRepeating(session.state);
    return html`
      <div class="row">
        <button
          data-learn="course:another"
          title=${HINTS.another}
          @click=${() => session.leading.another()}
        >
          Another
        </button>
        <select
          aria-label="Bars at once"
          title=${HINTS.barsAtOnce}
          .value=${live(String(this.bars))}
          @change=${(event: Event) => {
            this.bars = Number((event.target as HTMLSelectElement).value) as BarCount;
          }}
        >
          ${BAR_COUNTS.map(
            (bars) =>
              html`<option value=${bars} ?selected=${bars === this.bars}>${count(bars, "bar")}</option>`,
          )}
        </select>
      </div>
      <div class="row">
        <button
          data-learn="course:repeat:${this.bars}"
          aria-pressed=${repeats}
          title=${repeats ? HINTS.letsGo : HINTS.repeats}
          @click=${() => this.#repeat()}
        >
          ${repeats ? "Let go" : "Repeat"}
        </button>
        <button
          data-learn="course:keep:${this.bars}"
          aria-pressed=${keeps}
          title=${HINTS.keeps}
          @click=${() => this.#keep()}
        >
          ${keeps ? "To the bar…" : "Keep"}
        </button>
      </div>
      <button
        class="own"
        data-learn="course:record:${this.bars}"
        aria-pressed=${records}
        title=${HINTS.records}
        @click=${() => this.#record()}
      >
        ${records ? "To the bar…" : "Loop mine"}
      </button>
      <div class="row back">
        <button title=${HINTS.goesBack} @click=${() => this.#goBack()}>Back to bar</button>
        <input
          type="number"
          inputmode="numeric"
          min="1"
          aria-label="Bar to go back to"
          .value=${unlessEdited(String(this.bar))}
          @change=${(event: Event) => this.#setBar(event.target as HTMLInputElement)}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key !== "Enter") return;
            this.#setBar(event.target as HTMLInputElement);
            this.#goBack();
          }}
        />
      </div>
      ${futureButtons({
        leading: session.leading,
        futures: session.state.futures,
        foresee: () => this.#foresee(),
        point: (index) => this.#point(index),
        pick: (index) => this.#pick(index),
      })}
      ${session.state.futures && this.cue ? cueSelect(this.cue, (error) => this.#refused(error)) : ""}
      ${this.#freezing(session)}
      ${course.layers.length === 0 ? "" : this.#layers(session, course.layers)}
    `;
  }

  #freezing(session: SessionLike): TemplateResult {
    const { strips, course, controls } = session.state;
    const free = strips.filter(
      (strip) => isOn(strip, controls.drums) && !isFrozen(course, strip.instrument),
    );
    return html`<select
      aria-label="Freeze a part"
      title=${HINTS.freezes}
      .value=${live("")}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        if (value !== "") this.#unless(session.leading.freeze(Number(value)), HINTS.noPartYet);
        this.requestUpdate();
      }}
    >
      <option value="">Freeze a part…</option>
      ${free.map(({ instrument }) => html`<option value=${instrument}>${INSTRUMENTS[instrument]}</option>`)}
    </select>`;
  }

  #layers(session: SessionLike, layers: readonly Layer[]): TemplateResult {
    return html`<ul aria-label="What goes round">
      ${layers.map((layer) => {
        const name = nameOf(layer);
        return html`<li>
          <span>${name}</span>
          <button
            class="quiet"
            aria-label="Let go: ${name}"
            title=${HINTS.dropsLayer}
            @click=${() => session.leading.drop(layer)}
          >
            ${CLOSE}
          </button>
        </li>`;
      })}
    </ul>`;
  }

  #repeat(): void {
    const { session } = this;
    if (session === undefined) return;
    const { leading, state } = session;
    if (isRepeating(state)) leading.letGo();
    else this.#unless(leading.repeat(this.bars), HINTS.nothingToRepeat);
  }

  #keep(): void {
    const { session } = this;
    if (session !== undefined) this.#unless(session.leading.keep(this.bars), HINTS.nothingToKeep);
  }

  #record(): void {
    const { session } = this;
    if (session !== undefined)
      this.#unless(session.leading.record(this.bars), HINTS.nothingToRecord);
  }

  /** It stands out on the roll, and is heard where there is an output for it. */
  #point(index: number | undefined): void {
    const { session, cue } = this;
    this.dispatchEvent(new GhostEvent(index));
    const { futures, controls } = session?.state ?? {};
    const notes = index === undefined ? undefined : futures?.notes[index];
    if (futures === undefined || controls === undefined || notes === undefined) cue?.stop();
    else
      cue
        ?.listen(notes, futures.from, controls.tempo)
        .catch((error: unknown) => this.#refused(error));
  }

  #refused(error: unknown): void {
    this.dispatchEvent(new RemarkEvent(remarkOf(error), "error"));
    this.requestUpdate();
  }

  #foresee(): void {
    const { session } = this;
    if (session !== undefined) this.#unless(session.leading.foresee(), HINTS.composingAfterLoading);
  }

  #pick(index: number): void {
    const { session } = this;
    if (session?.state.futures === undefined) return;
    this.#unless(session.leading.pick(index), HINTS.notForeseenYet);
    this.#point(undefined);
  }

  #goBack(): void {
    const { session, bar } = this;
    if (session !== undefined)
      this.#unless(session.leading.goBack(bar - 1), HINTS.nothingInBar(bar));
  }

  #setBar(field: HTMLInputElement): void {
    const bar = Math.round(field.valueAsNumber);
    if (bar >= 1) this.bar = bar;
    this.requestUpdate();
  }

  /** @param why where it is not that nothing can go round or come back at all */
  #unless(done: boolean, why: string): void {
    const { whyNoneGiven = why } = this.session?.state.model ?? {};
    if (!done) this.dispatchEvent(new RemarkEvent(whyNoneGiven, "hint"));
  }
}

/** What goes round, for people. */
function nameOf(layer: Layer): string {
  if (layer.kind === "bars") return "the whole band";
  const name = INSTRUMENTS[partOf(layer)];
  return layer.kind === "part" ? `${name}, frozen` : `your ${name}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-course": CadenzaCourse;
  }
}
