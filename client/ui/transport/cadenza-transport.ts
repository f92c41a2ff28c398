/**
 * Play and stop, where the music stands, how fast it goes, a new piece, and the take that was kept
 * all along.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { remarkOf } from "#base/failure.ts";
import type { Remark } from "#base/remark.ts";
import { CONTROLS, fits } from "#engine/compose/controls.ts";
import { beatsOf, metreName } from "#music/metre.ts";
import { DEFAULT_TEMPO } from "#music/units.ts";
import { downloadFile, midiBlob } from "../file-download.ts";
import { FrameWatch } from "../frames.ts";
import { NEW_PIECE, PANIC, PLAY, SAVE, STOP } from "../icons.ts";
import { metreSelect } from "../metre-select.ts";
import { RemarkEvent, type RemarkTone } from "../remark-event.ts";
import type { SessionLike, StudioLike } from "../surface-model.ts";
import { turns } from "../turns.ts";
import { unlessEdited } from "../unless-edited.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import { barAndBeat } from "../wording.ts";
import { styles } from "./cadenza-transport.styles.ts";
import { PanicKey } from "./panic-key.ts";
import { PlayKey } from "./play-key.ts";

/**
 * @fires RemarkEvent for what could not be done, and why
 * @property session that is played
 * @property studio whose listening the space bar stops
 * @property panic ends all sound, here and on all ports
 */
@customElement("cadenza-transport")
export class CadenzaTransport extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) studio: StudioLike | undefined;
  @property({ attribute: false }) panic: () => void = () => undefined;
  /** What the tempo field takes, once it was given something else. */
  @state() private tempoError = "";
  @query(".position") private position!: HTMLElement;

  #shown = "";

  constructor() {
    super();
    new Watch(this, () => this.session);
    new PlayKey(this, (shift) => this.#press(shift));
    new PanicKey(this, () => this.panic());
    new FrameWatch(
      this,
      () => this.session?.state.phase === "playing",
      () => this.#showPosition(),
    );
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    const { phase, controls } = session.state;
    const running = phase === "playing" || phase === "gathering";
    const reason = this.#whyNot(session);
    return html`
      <div class="line" role="group" aria-label="Transport">
        <button
          class="play ${phase}"
          data-learn="gesture:play"
          aria-label=${running ? "Stop" : "Play"}
          aria-disabled=${reason !== ""}
          title=${reason || (running ? "Stop (space bar)" : "Play (space bar)")}
          @click=${this.#toggle}
        >
          ${running ? STOP : PLAY}
        </button>
        <div class="place">
          <div class="position" role="timer" aria-label="Bar and beat">
            <span class="bar">1</span><span class="point">.</span><span class="beat">1</span>
            <span class="dots" aria-hidden="true"></span>
          </div>
          ${metreSelect(
            controls.metre,
            (metre) => session.setControls({ metre }),
            "Metre, from the next bar on that is not committed",
          )}
        </div>
        <label class="tempo" data-learn="control:tempo">
          <input
            type="number"
            inputmode="decimal"
            min=${CONTROLS.tempo.lowest}
            max=${CONTROLS.tempo.highest}
            step="1"
            .value=${unlessEdited(String(Math.round(controls.tempo * 10) / 10))}
            aria-label="Tempo, quarter notes a minute"
            aria-invalid=${this.tempoError !== ""}
            aria-describedby="tempo-error"
            @input=${() => {
              this.tempoError = "";
            }}
            @blur=${() => {
              this.tempoError = "";
            }}
            title="Tempo; empty and Enter for ${DEFAULT_TEMPO}"
            @change=${this.#setTempo}
            ${turns({
              value: controls.tempo,
              min: CONTROLS.tempo.lowest,
              max: CONTROLS.tempo.highest,
              step: 1,
              fine: 0.1,
              set: (tempo) => session.setControls({ tempo }),
            })}
          /><span>bpm</span>
          <span id="tempo-error" class="error" role="alert" ?hidden=${this.tempoError === ""}
            >${this.tempoError}</span
          >
        </label>
        <button class="tap" data-learn="gesture:tap" title="Tap the beat, twice or more" @click=${() => session.tapTempo()}>
          Tap
        </button>
        <span class="gap"></span>
        <button class="quiet new" data-learn="gesture:new" title="Begin another piece" @click=${() => session.startOver()}>
          ${NEW_PIECE}<span>New piece</span>
        </button>
        <button class="quiet save" title="Save what was heard, as a MIDI file" @click=${this.#save}>
          ${SAVE}<span>Save take</span>
        </button>
        <button
          class="quiet panic"
          data-learn="gesture:panic"
          title="Panic: end every note on every MIDI port (!)"
          ?hidden=${session.state.strips.every(({ route }) => route.kind === "voice")}
          @click=${() => this.panic()}
        >
          ${PANIC}<span>Panic</span>
        </button>
      </div>
    `;
  }

  protected override updated(): void {
    this.#shown = "";
    this.#showPosition();
  }

  /** Why Play does nothing now; empty when it works. */
  #whyNot({ state }: SessionLike): string {
    if (state.phase === "failed") return say(state.message);
    if (state.phase === "loading") return HINTS.playAfterLoading;
    return "";
  }

  /** The space bar stops what is heard: a track that is listened to, else the jam; with Shift a jam that plays with the bar. */
  #press(shift: boolean): void {
    if (this.studio?.state.listening !== undefined) this.studio.stopListening();
    else if (shift && this.session?.state.phase === "playing") this.session.leading.stopAtBar();
    else this.#toggle();
  }

  readonly #toggle = (): void => {
    const { session } = this;
    if (session === undefined) return;
    const reason = this.#whyNot(session);
    const { phase } = session.state;
    if (reason !== "") this.#tell(reason, "hint");
    else if (phase === "playing" || phase === "gathering") session.stop();
    else session.play().catch((error: unknown) => this.#refused(remarkOf(error)));
  };

  /** That another tab plays is a question: the next press of Play answers it. */
  #refused(why: Remark): void {
    this.#tell(why, why.code === "plays-elsewhere" ? "hint" : "error");
  }

  #setTempo(event: Event): void {
    const field = event.target as HTMLInputElement;
    const emptied = field.value === "" && !field.validity.badInput;
    const tempo = emptied ? DEFAULT_TEMPO : field.valueAsNumber;
    if (fits("tempo", tempo)) {
      this.tempoError = "";
      this.session?.setControls({ tempo });
      return;
    }
    this.tempoError = `${CONTROLS.tempo.lowest} to ${CONTROLS.tempo.highest}`;
    this.requestUpdate();
  }

  #save(): void {
    const { session } = this;
    if (session === undefined) return;
    if (session.timeline().step <= 0) {
      this.#tell(HINTS.nothingHeard, "hint");
      return;
    }
    try {
      const take = midiBlob(session.takeAsMidi());
      downloadFile(`cadenza-take-${session.state.controls.seed}.mid`, take);
    } catch (error) {
      this.#tell(remarkOf(error), "error");
    }
  }

  #tell(text: string | Remark, tone: RemarkTone): void {
    this.dispatchEvent(new RemarkEvent(text, tone));
  }

  /** Written straight into the text, and only when it changes: this runs before every frame. */
  #showPosition(): void {
    if (this.session === undefined || this.position === null) return;
    const { step } = this.session.timeline();
    const { metre } = this.session.metres.barAt(step);
    const { bar, beat } = barAndBeat(step, this.session.metres);
    const shown = `${bar}.${beat} ${metreName(metre)}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.position.querySelector(".bar")!.textContent = String(bar);
    this.position.querySelector(".beat")!.textContent = String(beat);
    const dots = beatsOf(metre).map(() => document.createElement("i"));
    dots[beat - 1].className = "now";
    this.position.querySelector(".dots")!.replaceChildren(...dots);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-transport": CadenzaTransport;
  }
}
