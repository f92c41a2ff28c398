/** The sheet of shortcuts: a button in the head and the key "?" open it over the page. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { closeOutside } from "../close-outside.ts";
import { controlStyles } from "../control-styles.ts";
import { CLOSE } from "../icons.ts";
import { isTypedInto } from "../typed-field.ts";
import { SHORTCUTS } from "./shortcuts.ts";

/** Listens for "?" on the window while it is on the page. */
@customElement("cadenza-shortcuts")
export class CadenzaShortcuts extends LitElement {
  static override styles = [
    controlStyles,
    css`
      .open {
        width: var(--target);
        padding: 0;
        border-radius: 50%;
        color: var(--dim);
        font-weight: 650;
      }
      dialog {
        width: min(560px, calc(100vw - 24px));
        max-height: calc(100dvh - 24px);
        padding: 18px 22px 22px;
        border: 1px solid var(--edge);
        border-radius: 14px;
        background: var(--surface);
        color: var(--text);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 60%);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: 17px;
      }
      h3.heading {
        margin: 14px 0 6px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(96px, auto) 1fr;
        gap: 6px 14px;
        margin: 0;
      }
      dt {
        display: flex;
        flex-wrap: wrap;
        place-content: start;
        gap: 4px;
      }
      dd {
        margin: 0;
      }
      kbd {
        min-width: 24px;
        padding: 1px 7px;
        border: 1px solid var(--edge);
        border-radius: 6px;
        background: var(--raised);
        font: inherit;
        font-size: 12px;
        text-align: center;
      }
    `,
  ];

  @query("dialog") private dialog!: HTMLDialogElement;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#press);
  }

  override render(): TemplateResult {
    return html`
      <button
        class="quiet open"
        aria-label="Shortcuts"
        title="Keys and gestures (?)"
        @click=${() => this.dialog.showModal()}
      >
        ?
      </button>
      <dialog aria-labelledby="title" @click=${closeOutside}>
        <div class="head">
          <h2 id="title">Keys and gestures</h2>
          <button class="quiet" aria-label="Close" @click=${() => this.dialog.close()}>
            ${CLOSE}
          </button>
        </div>
        ${SHORTCUTS.map(
          ({ title, shortcuts }) => html`
            <h3 class="heading">${title}</h3>
            <dl>
              ${shortcuts.map(
                ({ keys, does }) => html`
                  <dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
                  <dd>${does}</dd>
                `,
              )}
            </dl>
          `,
        )}
      </dialog>
    `;
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTypedInto(event.composedPath()[0])) return;
    event.preventDefault();
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-shortcuts": CadenzaShortcuts;
  }
}
