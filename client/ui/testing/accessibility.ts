/**
 * The checks every view must pass: controls have names, ids are not used twice, targets are large
 * enough. A small part of the accessible name computation (W3C accname 1.2), enough to catch a
 * control without a name.
 */

const CONTROLS =
  "button, input, select, textarea, progress, canvas, a[href], [role=tab], [role=switch], [role=group]";

/** Every element below `root`, through open shadow roots, that is on show. */
function* shownElements(root: Element | ShadowRoot): Generator<HTMLElement> {
  if (root instanceof Element && root.shadowRoot !== null) yield* shownElements(root.shadowRoot);
  for (const child of root.children) {
    if (!(child instanceof HTMLElement)) continue;
    if (getComputedStyle(child).display === "none") continue;
    // What is folded away keeps its boxes' styles.
    if (root instanceof HTMLDetailsElement && !root.open && child.localName !== "summary") continue;
    yield child;
    yield* shownElements(child);
  }
}

/** The controls on show below `root`. */
export const shownControls = (root: Element): HTMLElement[] =>
  [...shownElements(root)].filter((element) => element.matches(CONTROLS));

/** What a screen reader would call an element; empty where it has nothing to say. */
function accessibleName(element: HTMLElement): string {
  const own = element.getAttribute("aria-label");
  if (own !== null && own.trim() !== "") return own.trim();
  const scope = element.getRootNode() as ShadowRoot | Document;
  const ids = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
  const named = ids.map((id) => scope.getElementById(id)?.textContent ?? "").join(" ");
  if (named.trim() !== "") return named.trim();
  const labels = "labels" in element ? ((element.labels as NodeList | null) ?? []) : [];
  const labelled = [...labels].map((label) => spoken(label as HTMLElement)).join(" ");
  if (labelled.trim() !== "") return labelled.trim();
  return element.matches("button, a, [role=tab], [role=switch]") ? spoken(element) : "";
}

/** Text content without what is hidden from screen readers. */
function spoken(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll("[aria-hidden=true], select, input")) hidden.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Controls without a name, as markup. */
export const namelessControls = (root: Element): string[] =>
  shownControls(root)
    .filter((control) => accessibleName(control) === "")
    .map((control) => control.outerHTML.slice(0, 160));

/** `aria-describedby` and the like that point nowhere, as markup. */
export const brokenReferences = (root: Element): string[] =>
  [...shownElements(root)]
    .filter((element) =>
      ["aria-describedby", "aria-labelledby", "aria-controls", "for"].some((attribute) => {
        const scope = element.getRootNode() as ShadowRoot | Document;
        const ids = element.getAttribute(attribute)?.split(/\s+/) ?? [];
        return ids.some((id) => scope.getElementById(id) === null);
      }),
    )
    .map((element) => element.outerHTML.slice(0, 160));
