/**
 * A Lit directive for the value of a field that people type into: it writes as `live` does, but not
 * between the first key and the moment the field is left, sent by Enter or given up by Escape. The
 * page renders many times a second while it plays, and what is half typed is nobody's to change.
 */
import { noChange } from "lit";
import { Directive, directive, type PropertyPart } from "lit/directive.js";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Keys that give up what is half typed: the arrows step from the value in force. */
const SETTLING = new Set(["Escape", "ArrowUp", "ArrowDown"]);

class UnlessEdited extends Directive {
  #field: Field | undefined;
  #edited = false;
  #value = "";

  render(value: string): string {
    return value;
  }

  override update({ element }: PropertyPart, [value]: [string]): unknown {
    if (this.#field !== element) this.#watch(element as Field);
    this.#value = value;
    if (!this.#edited) this.#write();
    return noChange;
  }

  #watch(field: Field): void {
    this.#field = field;
    const settle = () => {
      this.#edited = false;
    };
    field.addEventListener("input", () => {
      this.#edited = true;
    });
    field.addEventListener("change", settle);
    field.addEventListener("blur", settle);
    field.addEventListener("keydown", (event) => {
      if (!SETTLING.has((event as KeyboardEvent).key)) return;
      settle();
      this.#write();
    });
  }

  #write(): void {
    const field = this.#field!;
    if (field.value !== this.#value) field.value = this.#value;
  }
}

/** For `.value=${unlessEdited(text)}` of an input or a text area. */
export const unlessEdited = directive(UnlessEdited);
