/** The surface's signs, drawn here: SVG inside the markup, so nothing is fetched. All decorative. */
import { html, svg, type TemplateResult } from "lit";

const icon = (content: unknown): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${content}</svg>`;

/** An outline; several subpaths in one `d`. */
const lines = (d: string): TemplateResult =>
  icon(svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
    stroke-linejoin="round"/>`);

const solid = (d: string): TemplateResult => icon(svg`<path d=${d} fill="currentColor"/>`);

const STAR_SHAPE = "m12 3.4 2.65 5.5 6 .8-4.4 4.2 1.1 6-5.35-2.95-5.35 2.95 1.1-6-4.4-4.2 6-.8z";

export const PLAY = solid(
  "M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8a.8.8 0 0 0-1.2.7z",
);
export const STOP = solid(
  "M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.5v-9A1.5 1.5 0 0 1 7.5 6z",
);
export const NEW_PIECE = lines("M12 5a7 7 0 1 1-6.6 4.7M5 4v5.5h5.5");
export const SAVE = lines("M12 4v10.5m0 0 4.4-4.4M12 14.5l-4.4-4.4M5 19.5h14");
export const UNDO = lines("M9 5.5 4.5 10 9 14.5M5 10h9a5 5 0 0 1 0 10h-3");
export const REDO = lines("m15 5.5 4.5 4.5-4.5 4.5M19 10h-9a5 5 0 0 0 0 10h3");
export const POWER = lines("M12 3.5v8M7.2 6.8a7.3 7.3 0 1 0 9.6 0");
export const PANIC = lines("M12 4.5 3.8 19h16.4zM12 10.5v3.5m0 2.6h.01");
export const CLOSE = lines("m6.5 6.5 11 11m0-11-11 11");
export const DICE = lines(
  "M7 4.5h10A2.5 2.5 0 0 1 19.5 7v10a2.5 2.5 0 0 1-2.5 2.5H7A2.5 2.5 0 0 1 4.5 17V7A2.5 2.5 0 0 1 7 4.5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01",
);
export const LIMITS = lines("M4 6.5h16M4 17.5h16M12 9.5v5m-2-3 2-2 2 2m-4 1 2 2 2-2");
export const STAR = solid(STAR_SHAPE);
export const STAR_OUTLINE = lines(STAR_SHAPE);
