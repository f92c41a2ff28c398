/** Mappings and what they move, in words. */
import { type ControlSource, LOWER_HALF } from "#engine/hardware/control-source.ts";
import type { Mapping } from "#engine/hardware/mapping.ts";
import type { Target } from "#engine/hardware/target.ts";
import { pitchText } from "../wording.ts";

/** A control of a controller, as its messages name it. */
function sourceText({ kind, channel, number }: ControlSource): string {
  const on = `channel ${channel + 1}`;
  switch (kind) {
    case "controller":
      return `controller ${number}, ${on}`;
    case "pair":
      return `controllers ${number} and ${number + LOWER_HALF}, ${on}`;
    case "parameter":
      return `parameter ${number}, ${on}`;
    case "bend":
      return `pitch bend, ${on}`;
    case "pad":
      return `pad ${pitchText(number)}, ${on}`;
    case "program":
      return `program ${number + 1}, ${on}`;
  }
}

/** The control of a mapping, by its name too where its maker gave it one, how it turns, and its device. */
export const mappingText = ({ source, encoding, device }: Mapping, name?: string): string =>
  `${name === undefined ? "" : `${name}, `}${sourceText(source)}${encoding === "absolute" ? "" : ` (turns, ${encoding})`}, ${device}`;

/** The name of a target; its id where the page has none of the kind, as of a scene that is gone. */
export const targetName = (targets: ReadonlyMap<string, Target>, id: string): string =>
  targets.get(id)?.name ?? id;
