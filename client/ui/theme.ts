/**
 * The colours and measures of the surface, once: CSS reads them as custom properties, the roll's
 * canvas reads the same values here. Dark, because it is looked at on stage.
 */

/** Surface colours. Text pairs keep 4.5:1 (theme.test.ts). */
export const COLOURS = {
  background: "#101216",
  surface: "#16191f",
  raised: "#1f242c",
  line: "#2b313b",
  edge: "#6b7684",
  text: "#f2f1ec",
  dim: "#a6aeb9",
  accent: "#ffb454",
  playhead: "#ff5d5d",
  good: "#7ed6ae",
  warning: "#ffc26b",
  bad: "#ff8a80",
} as const;

/** A colour for each instrument, by its id; told apart by lightness too, not by hue alone. */
export const INSTRUMENT_COLOURS: readonly string[] = [
  "#ede9de", // Piano
  "#e69f00", // Guitar
  "#e0623a", // Bass
  "#e58bb5", // Violin
  "#a77bd1", // Cello
  "#f0e05a", // Harp
  "#ffc27a", // Trumpet
  "#c9a24b", // Sax
  "#6cc4f5", // Flute
  "#9fb0bf", // Drums
  "#7ed6ae", // Choir
  "#4f8fe6", // Organ
];

/** The system's own face: nothing is fetched. */
export const FONT_STACK =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

const properties = Object.entries(COLOURS)
  .map(([name, value]) => `--${name}: ${value};`)
  .join("\n  ");

const PAGE_STYLES = `
:root {
  ${properties}
  --radius: 10px;
  --target: 32px;
  color-scheme: dark;
  font-family: ${FONT_STACK};
  background: var(--background);
  color: var(--text);
}
@media (pointer: coarse), (max-width: 720px) {
  :root { --target: 44px; }
}
body { margin: 0; font-size: 14px; line-height: 1.4; -webkit-text-size-adjust: 100%; }
`;

const installed = new WeakSet<Document>();

/** Gives a document the theme; a second call does nothing. */
export function installTheme(document: Document): void {
  if (installed.has(document)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PAGE_STYLES);
  document.adoptedStyleSheets.push(sheet);
  installed.add(document);
}
