/**
 * The bar that is there while a controller is learned: what is chosen, what moves it, and the list of all that can be. It
 * lies over the page and leaves the rest in reach, because controls are chosen there.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Target } from "#engine/hardware/target.ts";
import { controlStyles } from "../control-styles.ts";
import { KeptFocus } from "../kept-focus.ts";
import type { HardwareLike, MidiPortsLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import { LearnPointing } from "./learn-pointing.ts";
import { mappingText, targetName } from "./mapping-text.ts";

/**
 * @property hardware whose controls are learned
 * @property midi the inputs, and the way to ask for them
 */
@customElement("cadenza-learn")
export class CadenzaLearn extends LitElement {
  static override styles = [
    controlStyles,
    css`
      .bar {
        position: fixed;
        inset: auto 0 0;
        display: none;
        width: auto;
        margin: 0 auto;
        max-width: 720px;
        padding: 12px 16px;
        border: 1px solid var(--accent);
        border-bottom: 0;
        border-radius: 12px 12px 0 0;
        background: var(--surface);
        color: var(--text);
      }
      .bar:popover-open {
        display: block;
      }
      /* Where there is room it lies over the roll, in which nothing is learned. */
      @media (min-width: 721px) and (min-height: 561px) {
        .bar {
          inset: 84px 0 auto;
          border-bottom: 1px solid var(--accent);
          border-radius: 12px;
        }
      }
      p {
        margin: 0 0 10px;
        line-height: 1.4;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      select {
        flex: 1 1 180px;
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) hardware: HardwareLike | undefined;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  @query(".bar") private bar!: HTMLElement | null;

  constructor() {
    super();
    new KeptFocus(this);
    new Watch(this, () => this.hardware?.learning);
    new Watch(this, () => this.hardware?.mappings);
    new Watch(this, () => this.hardware?.controlNames);
    new Watch(this, () => this.midi);
    new LearnPointing(this, {
      isOn: () => this.hardware?.learning.state.on ?? false,
      choose: (target) => this.hardware?.learning.choose(target),
      toggle: () => this.toggle(),
      end: () => this.hardware?.learning.end(),
    });
  }

  /** Begins, or ends; MIDI is asked for where it was not yet. */
  toggle(): void {
    const learning = this.hardware?.learning;
    if (learning === undefined || !this.checkVisibility()) return;
    if (learning.state.on) learning.end();
    else {
      void this.midi?.request();
      learning.start();
    }
  }

  override render(): TemplateResult {
    const { hardware } = this;
    if (hardware === undefined) return html``;
    const { on, target = "" } = hardware.learning.state;
    // More than a hundred, which nobody sees while nothing is learned.
    const groups = on ? groupsOf(hardware.targets) : [];
    const mapping = hardware.mappings.of(target);
    return html`
      <div class="bar" popover="manual" role="region" aria-label="Learn a controller">
        <p role="status">${this.#standing(hardware, target)}</p>
        <div class="row">
          <select
            aria-label="What to learn"
            .value=${live(target)}
            @change=${(event: Event) =>
              hardware.learning.choose((event.target as HTMLSelectElement).value)}
          >
            <option value="" ?disabled=${target !== ""}>Choose…</option>
            ${groups.map(
              ([group, targets]) =>
                html`<optgroup label=${group}>
                  ${targets.map(
                    ({ id, name }) =>
                      html`<option value=${id} ?selected=${id === target}>${name}</option>`,
                  )}
                </optgroup>`,
            )}
          </select>
          <button ?hidden=${mapping === undefined} @click=${() => hardware.mappings.forget(target)}>
            Forget it
          </button>
          <button class="primary" title="End learning (Esc)" @click=${() => hardware.learning.end()}>
            Done
          </button>
        </div>
      </div>
    `;
  }

  protected override updated(): void {
    const on = this.hardware?.learning.state.on ?? false;
    if (this.bar === null || this.bar.matches(":popover-open") === on) return;
    if (on) this.bar.showPopover();
    else this.bar.hidePopover();
  }

  #standing({ targets, mappings, controlNames }: HardwareLike, target: string): string {
    const { status, message, inputs } = this.midi?.state ?? { inputs: [] };
    if (status !== "granted" || inputs.length === 0)
      return say(message) || (status === "asking" ? HINTS.midiUnasked : HINTS.noMidiInput);
    if (target === "") return HINTS.chooseToLearn;
    const name = targetName(targets, target);
    const mapping = mappings.of(target);
    if (mapping === undefined) return HINTS.moveToLearn(name);
    const others = mappings.sharing(mapping).map((other) => targetName(targets, other));
    const control = controlNames.of(mapping.device, mapping.source);
    return HINTS.learned(name, mappingText(mapping, control), others);
  }
}

/** Targets by the groups they are listed under, in their order. */
function groupsOf(targets: ReadonlyMap<string, Target>): [string, Target[]][] {
  const groups = new Map<string, Target[]>();
  for (const target of targets.values())
    groups.set(target.group, [...(groups.get(target.group) ?? []), target]);
  return [...groups];
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-learn": CadenzaLearn;
  }
}
