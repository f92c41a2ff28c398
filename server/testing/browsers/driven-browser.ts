/** A browser that is not Chromium, as a visitor has it, steered from outside. */

/** What a test does with it. Selectors look into shadow roots too, ">>>" goes into one; the first element is meant. */
export interface DrivenBrowser {
  /** Name and version, "Firefox 140.1". */
  readonly name: string;
  /** Where its downloads arrive. */
  readonly downloads: string;
  /** Opens a page; `first` runs in it before any of its own scripts. */
  open(url: string, first: () => void): Promise<void>;
  /** Runs a function in the page, which knows nothing outside of itself but its arguments, and gives what it returns, as JSON. */
  run<A extends readonly unknown[], T>(
    work: (...values: A) => T,
    ...values: A
  ): Promise<Awaited<T>>;
  /** Clicks where a person would: into the middle of the element, with a pointer. */
  click(selector: string): Promise<void>;
  /** Focuses an element and presses a key. */
  press(selector: string, key: "ArrowUp" | "ArrowDown"): Promise<void>;
  close(): Promise<void>;
}

/** For `run`: the middle of an element after it was scrolled into sight and focused, or undefined where there is none. */
export function middleOf(selector: string): { x: number; y: number } | undefined {
  const search = (root: ParentNode, part: string): Element | undefined => {
    const hit = root.querySelector(part);
    if (hit !== null) return hit;
    for (const { shadowRoot } of root.querySelectorAll("*")) {
      const inner = shadowRoot === null ? undefined : search(shadowRoot, part);
      if (inner !== undefined) return inner;
    }
    return undefined;
  };
  let element: Element | undefined;
  let root: ParentNode | null | undefined = document;
  for (const part of selector.split(">>>")) {
    element = root ? search(root, part) : undefined;
    root = element?.shadowRoot;
  }
  element?.scrollIntoView({ block: "center" });
  (element as HTMLElement | undefined)?.focus();
  const box = element?.getBoundingClientRect();
  return box && { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
}

/** The middle of an element. @throws where there is none */
export async function aim(
  browser: Pick<DrivenBrowser, "run">,
  selector: string,
): Promise<{ x: number; y: number }> {
  const middle = await browser.run(middleOf, selector);
  if (middle === undefined || middle === null) throw new Error(`the page has no ${selector}`);
  return middle;
}
