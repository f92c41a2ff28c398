/** Puts an element on the page of a browser test, and takes everything off again after each test. */
import type { LitElement } from "lit";
import { afterEach } from "vitest";
import { RemarkEvent, type RemarkTone } from "../remark-event.ts";
import { installTheme } from "../theme.ts";
import { say } from "../wording/say.ts";

const mounted = new Set<HTMLElement>();

afterEach(() => {
  for (const element of mounted) element.remove();
  mounted.clear();
});

/** A mounted element with its remarks and its rendered inside at hand. */
export interface Mounted<E extends HTMLElement> {
  readonly element: E;
  /** Every remark it sent up so far. */
  readonly remarks: readonly { readonly text: string; readonly tone: RemarkTone }[];
  /** The one element inside that matches; throws where there is none. */
  find<T extends Element = HTMLElement>(selector: string): T;
  /** Waits until what was changed is rendered. */
  rendered(): Promise<void>;
}

/** Creates an element with properties set before it is connected. */
export async function mount<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  style = "",
): Promise<Mounted<HTMLElementTagNameMap[Tag]>> {
  installTheme(document);
  const element = Object.assign(document.createElement(tag), properties);
  element.style.cssText = style;
  const remarks: { text: string; tone: RemarkTone }[] = [];
  element.addEventListener(RemarkEvent.type, (event) => {
    const { remark, tone } = event as RemarkEvent;
    remarks.push({ text: say(remark), tone });
  });
  document.body.append(element);
  mounted.add(element);
  const rendered = async () => {
    await (element as unknown as LitElement).updateComplete;
    await frame();
  };
  await rendered();
  return { element, remarks, find: (selector) => find(element, selector), rendered };
}

/** The one element inside the shadow root that matches; throws where there is none. */
export function find<T extends Element = HTMLElement>(host: Element, selector: string): T {
  const found = host.shadowRoot?.querySelector<T>(selector);
  if (found == null) throw new Error(`${host.localName} has no ${selector}`);
  return found;
}

/** Waits for the next frame to be drawn. */
export const frame = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Catches the files that the page hands out while `act` runs: their names. */
export async function downloads(act: () => unknown): Promise<string[]> {
  const names: string[] = [];
  const take = (event: Event) => {
    const link = event.composedPath()[0];
    if (!(link instanceof HTMLAnchorElement) || link.download === "") return;
    event.preventDefault();
    names.push(link.download);
  };
  addEventListener("click", take, { capture: true });
  try {
    await act();
  } finally {
    removeEventListener("click", take, { capture: true });
  }
  return names;
}
