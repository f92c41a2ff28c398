/**
 * Launchpads whose pads are lit freely once their programmer mode is on: X and Mini MK3 (Novation's programmer's reference
 * manuals, "DAW and programmer mode"). The mode is a system exclusive message, which the browser must allow.
 */

/** The byte by which a model knows that it is meant. */
const MODELS: readonly { readonly name: RegExp; readonly model: number }[] = [
  { name: /\b(launchpad x|lpx)\b/i, model: 0x0c },
  { name: /\b(launchpad mini|lpminimk3|lpmini)\b/i, model: 0x0d },
];

/** Whether the device of a port's name is one of them. */
export const isLaunchpad = (port: string): boolean => MODELS.some(({ name }) => name.test(port));

/** The message that puts the device of a port's name into programmer mode, or back; undefined for other devices. */
export function programmerMode(port: string, on: boolean): number[] | undefined {
  const found = MODELS.find(({ name }) => name.test(port));
  if (found === undefined) return undefined;
  return [0xf0, 0x00, 0x20, 0x29, 0x02, found.model, 0x0e, on ? 1 : 0, 0xf7];
}

/** The output of a device, by the name of its input: the same name, or the same but for "in" and "out". */
export function outputOf(input: string, outputs: readonly string[]): string | undefined {
  if (outputs.includes(input)) return input;
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/\b(in|out)(put)?\b/g, "")
      .replace(/\s+/g, " ")
      .trim();
  return outputs.find((name) => bare(name) === bare(input));
}
