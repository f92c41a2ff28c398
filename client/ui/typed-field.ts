/** The small field in which a dial's or fader's value is typed, over the control while it is open. */
import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";

/** What is typed and where it goes. */
export interface Typing {
  /** Accessible name. */
  readonly label: string;
  /** The digit that opened it; empty where none did. */
  readonly first: string;
  /** What stands in it where none did, selected so that the next digit replaces it. */
  readonly text: string;
  /** Gives undefined for what is no value. */
  readonly parse: (text: string) => number | undefined;
  /** Takes the value; undefined when it was given up. Called once. */
  readonly end: (value: number | undefined) => void;
}

/** Enter takes the value, Escape and leaving give it up; what is no value stays, marked. */
export function typedField({ label, first, text, parse, end }: Typing): TemplateResult {
  let ended = false;
  const finish = (value: number | undefined) => {
    if (!ended) end(value);
    ended = true;
  };
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    const field = event.target as HTMLInputElement;
    if (event.key === "Escape") finish(undefined);
    if (event.key !== "Enter") return;
    const value = parse(field.value.trim().replace(",", ".").replace("%", ""));
    if (value === undefined) field.setAttribute("aria-invalid", "true");
    else finish(value);
  };
  return html`
    <input
      class="typed"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      aria-label=${label}
      ${ref((field) => begin(field, first, text))}
      @keydown=${press}
      @blur=${() => finish(undefined)}
    />
  `;
}

const begun = new WeakSet<Element>();

/** Fills the field and takes the focus, once: what is typed then is not touched by another rendering. */
function begin(field: Element | undefined, first: string, text: string): void {
  if (!(field instanceof HTMLInputElement) || begun.has(field)) return;
  begun.add(field);
  field.value = first || text;
  // Lit calls while the field is not yet on the page.
  queueMicrotask(() => {
    field.focus();
    if (first === "") field.select();
  });
}

/** A number from text; undefined where there is none. */
export function numberIn(text: string): number | undefined {
  const value = Number(text);
  return text === "" || !Number.isFinite(value) ? undefined : value;
}

/** Input types into which no text is typed. */
const TEXTLESS = new Set(["range", "checkbox", "radio", "button", "file"]);

/** Whether a key on this element may be text: shortcuts leave it alone. */
export function isTypedInto(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLInputElement) return !TEXTLESS.has(target.type);
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}
