/** The tools beside the progression: sections to call, one to mark, how marks come back, and whose playing is painted. One tab stop. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { markTarget } from "#engine/hardware/mark-targets.ts";
import { CALLED_SECTIONS, sectionTarget } from "#engine/hardware/section-targets.ts";
import { RECALLS, type Recall } from "#engine/jam/mark-desk.ts";
import { withCue, withoutDrawn, withoutMark } from "#music/chart/player-chart.ts";
import { sectionNames } from "#music/chart/section-names.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import type { SessionLike } from "../surface-model.ts";
import { HINTS } from "../wording/hints.ts";

/** What the tools show and set. */
export interface ChartTools {
  readonly session: SessionLike;
  /** Sections are called for the next phrase, not for the next bar. */
  readonly phrase: boolean;
  readonly setPhrase: (phrase: boolean) => void;
  /** How marks come back. */
  readonly recall: Recall;
  readonly setRecall: (recall: Recall) => void;
  /** A mark came without its notes. */
  readonly cameAnew: (name: string) => void;
  /** Whose playing is painted. */
  readonly brush: Instrument;
  readonly setBrush: (brush: Instrument) => void;
  /** Strokes draw over the whole section of a bar. */
  readonly whole: boolean;
  readonly setWhole: (whole: boolean) => void;
  /** The lane is on show, so that there is something to paint on. */
  readonly open: boolean;
}

export function chartTools(tools: ChartTools): TemplateResult {
  const { session, phrase, setPhrase, open } = tools;
  const { chart } = session.state;
  return html`<div class="tools" role="toolbar" aria-label="Sections and tools of the chart">
    ${chart.text === "" ? "" : section(tools, undefined)}
    ${sectionNames(chart, session.charting.ordered).map((name, place) =>
      section(tools, name, place),
    )}
    ${chart.marks.map(({ name }, place) => mark(tools, name, place))}
    <button
      class="at"
      aria-pressed=${phrase}
      title=${HINTS.callsAt(phrase)}
      @click=${() => setPhrase(!phrase)}
    >
      ${phrase ? "at the phrase" : "at the bar"}
    </button>
    ${chart.marks.some(({ heard }) => heard !== undefined) ? recalling(tools) : ""}
    <button
      class="keep"
      data-learn="mark:section"
      aria-pressed=${session.state.keeps}
      title=${HINTS.marks}
      @click=${() => session.leading.mark()}
    >
      ${session.state.keeps ? "To the bar…" : "Mark"}
    </button>
    ${open ? painting(tools) : ""}
  </div>`;
}

/** Calls a section, or the beginning. */
function section(
  { session, phrase }: ChartTools,
  name: string | undefined,
  place?: number,
): TemplateResult {
  const isLearned = place === undefined || place < CALLED_SECTIONS;
  return html`<button
    class=${session.state.chart.text === "" ? "section" : "section own"}
    data-learn=${isLearned ? sectionTarget(place, phrase ? "phrase" : "bar") : nothing}
    title=${HINTS.calls(name, phrase)}
    @click=${() => call(session, name, phrase)}
  >
    ${name ?? "Top"}
  </button>`;
}

function mark(tools: ChartTools, name: string, place: number): TemplateResult {
  const { session, phrase, recall, cameAnew } = tools;
  const come = () => {
    if (!session.leading.recall(name, phrase ? "phrase" : "bar", recall)) cameAnew(name);
  };
  return html`<button
    class="section own"
    data-learn=${markTarget(place, recall)}
    title=${`${HINTS.calls(name, phrase)} ${HINTS.deletesMark}`}
    @click=${come}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Delete") session.charting.write((before) => withoutMark(before, name));
    }}
  >
    ${name}
  </button>`;
}

function recalling({ recall, setRecall }: ChartTools): TemplateResult {
  return html`<select
    class="recall"
    aria-label="How marks come back"
    title=${HINTS.recalls}
    .value=${live(recall)}
    @change=${(event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      setRecall(RECALLS.find((known) => known === value) ?? recall);
    }}
  >
    ${RECALLS.map(
      (how) =>
        html`<option value=${how} ?selected=${how === recall}>${HINTS.recallNames[how]}</option>`,
    )}
  </select>`;
}

function painting({ session, brush, setBrush, whole, setWhole }: ChartTools): TemplateResult {
  const { moves } = session.state.chart;
  return html`<button
      class="moves"
      aria-pressed=${moves}
      title=${HINTS.movesWithKey}
      @click=${() => session.charting.write((before) => ({ ...before, moves: !before.moves }))}
    >
      with the key
    </button>
    <select
      class="brush"
      aria-label="Paint who plays"
      title=${HINTS.brush}
      .value=${live(String(brush))}
      @change=${(event: Event) => setBrush(Number((event.target as HTMLSelectElement).value))}
    >
      ${INSTRUMENTS.map(
        (name, id) => html`<option value=${id} ?selected=${id === brush}>${name}</option>`,
      )}
    </select>
    <button
      class="whole"
      aria-pressed=${whole}
      title=${HINTS.drawsWhole}
      @click=${() => setWhole(!whole)}
    >
      whole section
    </button>
    <button
      class="clear"
      aria-label="Clear what was drawn"
      title=${HINTS.clearsDrawn}
      @click=${() => session.charting.write(withoutDrawn)}
    >
      Clear
    </button>`;
}

function call({ charting }: SessionLike, name: string | undefined, phrase: boolean): void {
  const on = phrase ? "phrase" : "bar";
  charting.write((before) => withCue(before, name === undefined ? { on } : { section: name, on }));
}
