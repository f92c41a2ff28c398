/** Contrast of two colours (WCAG 2.2, "relative luminance" and "contrast ratio"). */

/** Red, green, blue 0-1 of "#rrggbb". */
export function rgb(colour: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (match === null) throw new Error(`${colour} is not #rrggbb`);
  return match.slice(1).map((hex) => Number.parseInt(hex, 16) / 255) as [number, number, number];
}

/** `share` of one colour over another, as CSS color-mix in srgb does. */
export const mix = (over: string, share: number, under: string): string =>
  `#${rgb(over)
    .map((value, channel) => value * share + rgb(under)[channel] * (1 - share))
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;

const luminance = (colour: string): number => {
  const [r, g, b] = rgb(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
