/**
 * Keyboards and controllers: what is plugged in and what its keys play, what was learned, and mappings as files. Here, too,
 * MIDI is asked for, and what stands in its way is said.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { remarkOf } from "#base/failure.ts";
import type { Remark } from "#base/remark.ts";
import { isLaunchpad } from "#engine/hardware/launchpad.ts";
import { readMappings, writeMappings } from "#engine/hardware/mapping-file.ts";
import { closeOutside } from "../close-outside.ts";
import { dialogStyles } from "../dialog-styles.ts";
import { downloadFile } from "../file-download.ts";
import { CLOSE } from "../icons.ts";
import { KeptFocus } from "../kept-focus.ts";
import { midiStanding } from "../midi-standing.ts";
import type { HardwareLike, MidiPortsLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import type { CadenzaLearn } from "./cadenza-learn.ts";
import { keyboardFields } from "./keyboard-fields.ts";
import { mappingText, targetName } from "./mapping-text.ts";
import "./cadenza-learn.ts";

/** Keyboards up to so many are shown unfolded. */
const UNFOLDED = 2;

/**
 * @property hardware what is plugged in and what it learned
 * @property midi the inputs, and the way to ask for them
 */
@customElement("cadenza-hardware")
export class CadenzaHardware extends LitElement {
  static override styles = [
    dialogStyles,
    css`
      .doors {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .doors button {
        flex: 1 1 auto;
      }
      /* What is folded inherits from the fold, which is none of ours. */
      details > * {
        box-sizing: border-box;
      }
      h3.heading {
        margin: 16px 0 8px;
      }
      summary {
        min-height: var(--target);
        align-content: center;
        cursor: pointer;
      }
      ul {
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }
      li span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) hardware: HardwareLike | undefined;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  /** Why a file could not be read. */
  @state() private fileFailure: Remark | undefined;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("cadenza-learn") private learn!: CadenzaLearn;
  @query("input[type=file]") private file!: HTMLInputElement;

  constructor() {
    super();
    new KeptFocus(this);
    new Watch(this, () => this.hardware?.keyboards);
    new Watch(this, () => this.hardware?.mappings);
    new Watch(this, () => this.hardware?.controlNames);
    new Watch(this, () => this.hardware?.sysex);
    new Watch(this, () => this.midi);
  }

  override render(): TemplateResult {
    const { hardware } = this;
    if (hardware === undefined) return html``;
    return html`
      <div class="doors">
        <button aria-haspopup="dialog" @click=${() => this.dialog.showModal()}>Keyboards…</button>
        <button title="Let a controller move what you choose (M)" @click=${this.#startLearning}>
          Learn…
        </button>
      </div>
      <cadenza-learn .hardware=${hardware} .midi=${this.midi}></cadenza-learn>
      <dialog aria-labelledby="heading" @click=${closeOutside}>
        <h2 id="heading">Keyboards and controllers</h2>
        ${midiStanding(this.midi, "inputs")} ${this.#keyboards(hardware)} ${this.#mappings(hardware)}
        ${this.#lights(hardware)}
        <div class="ends">
          <button title="Let a controller move what you choose (M)" @click=${this.#startLearning}>
            Learn…
          </button>
          <button class="primary" @click=${() => this.dialog.close()}>Done</button>
        </div>
      </dialog>
    `;
  }

  #keyboards({ keyboards }: HardwareLike): TemplateResult[] {
    const inputs = this.midi?.state.inputs ?? [];
    return inputs.map(
      ({ name }) => html`
        <details ?open=${inputs.length <= UNFOLDED}>
          <summary>${name}</summary>
          ${keyboardFields(keyboards.of(name), (change) => keyboards.set(name, change))}
        </details>
      `,
    );
  }

  #mappings({ mappings, targets, controlNames }: HardwareLike): TemplateResult {
    return html`
      <h3 class="heading">Learned</h3>
      <p class="standing" ?hidden=${mappings.state.length > 0}>${HINTS.nothingLearned}</p>
      <ul>
        ${mappings.state.map((mapping) => {
          const name = targetName(targets, mapping.target);
          const control = controlNames.of(mapping.device, mapping.source);
          return html`<li>
            <span>${name}: ${mappingText(mapping, control)}</span>
            <button
              class="quiet"
              aria-label="Forget ${name}"
              title="Forget it"
              @click=${() => mappings.forget(mapping.target)}
            >
              ${CLOSE}
            </button>
          </li>`;
        })}
      </ul>
      <p class="standing" role="alert" ?hidden=${this.fileFailure === undefined}>
        ${say(this.fileFailure)}
      </p>
      <div class="doors">
        <button ?hidden=${mappings.state.length === 0} @click=${this.#export}>Export</button>
        <button @click=${() => this.file.click()}>Import…</button>
        <input type="file" hidden accept=".json,application/json" aria-label="Mappings" @change=${this.#import} />
      </div>
    `;
  }

  /** Only where there is a grid that needs them. */
  #lights({ sysex }: HardwareLike): TemplateResult | string {
    const outputs = this.midi?.state.outputs ?? [];
    if (!outputs.some(({ name }) => isLaunchpad(name))) return "";
    const { status, message } = sysex.state;
    return html`
      <h3 class="heading">Lights</h3>
      <p class="standing" role="status">
        ${status === "granted" ? HINTS.gridLit : say(message) || HINTS.gridUnlit}
      </p>
      <button
        class="ask"
        ?hidden=${status === "granted"}
        aria-disabled=${status === "asking"}
        @click=${() => sysex.request()}
      >
        ${status === "refused" ? "Ask again" : "Light the pads"}
      </button>
    `;
  }

  readonly #startLearning = (): void => {
    this.dialog.close();
    this.learn.toggle();
  };

  readonly #export = (): void => {
    const text = writeMappings(this.hardware?.mappings.state ?? []);
    downloadFile("cadenza-controllers.json", new Blob([text], { type: "application/json" }));
  };

  readonly #import = async (): Promise<void> => {
    const { hardware } = this;
    const file = this.file.files?.[0];
    if (file === undefined || hardware === undefined) return;
    try {
      const text = await file.text();
      hardware.mappings.replace(readMappings(text, (target) => hardware.targets.has(target)));
      this.fileFailure = undefined;
    } catch (error) {
      this.fileFailure = remarkOf(error);
    }
    this.file.value = "";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-hardware": CadenzaHardware;
  }
}
