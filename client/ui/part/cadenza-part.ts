/**
 * What one instrument may play: its register, how many notes at once, how dense, which part of the pitches and the loudness
 * that the model would play. A dialog, since it is set seldom and strips are narrow; the browser's own, so that Escape and focus work.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { COUNTED_LIMITS, PITCH_PARTS, VELOCITY_PARTS } from "#engine/compose/choices.ts";
import type { Strip } from "#engine/jam/performance.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { NATURAL_RANGES } from "#music/rules/natural-ranges.ts";
import type { PartLimits } from "#music/rules/part.ts";
import { choiceSelect } from "../choice-select.ts";
import { closeOutside } from "../close-outside.ts";
import { dialogStyles } from "../dialog-styles.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { pitchText } from "../wording.ts";

type Counted = keyof typeof COUNTED_LIMITS;

/** "as it comes" in a list. */
const OPEN = "";

/** A part of which nothing was asked. */
const AS_IT_COMES = { limits: {}, pitches: "all", velocities: "band" } as const;

/** @property session whose strips are set */
@customElement("cadenza-part")
export class CadenzaPart extends LitElement {
  static override styles = dialogStyles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @state() private instrument: Instrument = 0;
  @query("dialog") private dialog!: HTMLDialogElement;

  constructor() {
    super();
    new Watch(this, () => this.session);
  }

  /** Opens for one instrument; focus goes back to where it was once it closes. */
  async show(instrument: Instrument): Promise<void> {
    this.instrument = instrument;
    await this.updateComplete;
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    const strip = this.session?.state.strips[this.instrument];
    if (strip === undefined) return html``;
    const name = INSTRUMENTS[strip.instrument];
    const melodic = strip.instrument !== DRUMS;
    return html`
      <dialog aria-labelledby="heading" @click=${closeOutside}>
        <h2 id="heading">${name}: what it may play</h2>
        ${melodic ? this.#register(strip) : ""}
        ${this.#counted("polyphony", "Notes at once", "most notes that sound together", strip)}
        ${this.#counted("density", "Notes a whole note", "most notes in the time of a whole note", strip)}
        ${
          melodic
            ? choiceSelect({
                label: "Pitches",
                hint: "which part of the pitches that the model would play is left",
                options: PITCH_PARTS,
                value: strip.pitches,
                choose: (pitches) => this.#set({ pitches }),
              })
            : ""
        }
        ${choiceSelect({
          label: "Loudness",
          hint: "which part of the loudness that the model would play is left",
          options: VELOCITY_PARTS,
          value: strip.velocities,
          choose: (velocities) => this.#set({ velocities }),
        })}
        <div class="ends">
          <button class="quiet" @click=${() => this.#set(AS_IT_COMES)}>As it comes</button>
          <button class="primary" @click=${() => this.dialog.close()}>Done</button>
        </div>
      </dialog>
    `;
  }

  #register({ instrument, limits }: Strip): TemplateResult[] {
    const range = NATURAL_RANGES[instrument];
    const [lowest, highest] = limits.register ?? range;
    const named = (from: number, to: number) =>
      Object.fromEntries(
        Array.from({ length: to - from + 1 }, (_, at) => [String(from + at), pitchText(from + at)]),
      );
    // Keys that are numbers come in their order, whatever order they were put in.
    const end = (label: string, at: 0 | 1) =>
      choiceSelect({
        label,
        hint: at === 0 ? "lowest pitch it may play" : "highest pitch it may play",
        options: at === 0 ? named(range[0], highest) : named(lowest, range[1]),
        value: String(at === 0 ? lowest : highest),
        choose: (pitch) => {
          const register =
            at === 0 ? ([Number(pitch), highest] as const) : ([lowest, Number(pitch)] as const);
          const whole = register[0] === range[0] && register[1] === range[1];
          const { register: _, ...rest } = limits;
          this.#limit(whole ? rest : { ...rest, register });
        },
      });
    return [end("Lowest", 0), end("Highest", 1)];
  }

  #counted(name: Counted, label: string, hint: string, { limits }: Strip): TemplateResult {
    const { [name]: value, ...rest } = limits;
    const offered = COUNTED_LIMITS[name].map((count) => [String(count), String(count)]);
    return choiceSelect<string>({
      label,
      hint,
      options: { [OPEN]: "as they come", ...Object.fromEntries(offered) },
      value: value === undefined ? OPEN : String(value),
      choose: (count) => this.#limit(count === OPEN ? rest : { ...rest, [name]: Number(count) }),
    });
  }

  #limit(limits: PartLimits): void {
    this.#set({ limits });
  }

  #set(change: Partial<Strip>): void {
    this.session?.setStrip(this.instrument, change);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-part": CadenzaPart;
  }
}
