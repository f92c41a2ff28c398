/**
 * The styles of the piece in play: one that is chosen while it plays may be reached over bars (music/chart/style-course.ts),
 * from the first bar on that may change. At once, the piece is arranged anew in it, its form too; over bars, form and key
 * stay. What was said stands in every order, so a replay says it again.
 */
import { type ChoiceValues, MORPHS } from "#engine/compose/choices.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import { styleIndex } from "#music/chart/conditions.ts";
import type { StylePoint } from "#music/chart/style-course.ts";

/** Of one piece at a time. */
export class StyleTurning {
  /** Name of the style it is arranged in; undefined before anything is composed. */
  #first: string | undefined;
  /** The style that holds or is on its way. */
  #last: string | undefined;
  #points: readonly StylePoint[] = [];

  /** Another piece begins. */
  begin(): void {
    this.#first = undefined;
  }

  /** The settings with the styles of its bars. @param bar the first that may change */
  settingsFrom(
    bar: number,
    settings: CompositionSettings,
    { style, morph }: Pick<ChoiceValues, "style" | "morph">,
  ): CompositionSettings {
    // Where nothing was heard there is nothing to lead away from.
    const bars = bar === 0 ? 0 : MORPHS[morph];
    if (this.#first === undefined || (style !== this.#last && bars === 0)) {
      this.#first = style;
      this.#points = [];
    } else if (style !== this.#last) {
      const index = styleIndex(style);
      const point = { bar, bars, ...(index === undefined ? {} : { style: index }) };
      this.#points = [...this.#points.filter((before) => before.bar < bar), point];
    }
    this.#last = style;
    if (this.#points.length === 0) return settings;
    const { style: _, ...chart } = settings.chart ?? {};
    const first = styleIndex(this.#first);
    const styled = { ...chart, ...(first === undefined ? {} : { style: first }) };
    return { ...settings, chart: { ...styled, styles: this.#points } };
  }
}
