/** Mappings as a JSON file, to be taken to another machine; read as anything from outside is. */
import { Failure } from "#base/failure.ts";
import { isJson, isWhole } from "#base/json.ts";
import { type ControlSource, ENCODINGS, SOURCE_KINDS } from "./control-source.ts";
import type { Mapping } from "./mapping.ts";

/** What such a file calls itself. */
const FORMAT = "cadenza-controllers";
const VERSION = 1;

/** The file's text. */
export const writeMappings = (mappings: readonly Mapping[]): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, mappings }, undefined, 2)}\n`;

/**
 * The mappings of a file's text.
 * @param knows whether a target is one of this page @throws Failure "unreadable" naming what is wrong in it
 */
export function readMappings(text: string, knows: (target: string) => boolean): Mapping[] {
  const file = parsed(text);
  if (!isJson(file) || file.format !== FORMAT)
    throw unreadable('it does not say "format": "cadenza-controllers"');
  if (file.version !== VERSION) throw unreadable(`its version is not ${VERSION}`);
  if (!Array.isArray(file.mappings)) throw unreadable("it holds no list of mappings");
  return file.mappings.map((json, index) => {
    const mapping = mappingOf(json);
    if (typeof mapping === "string") throw unreadable(`mapping ${index + 1} ${mapping}`);
    if (!knows(mapping.target))
      throw unreadable(`mapping ${index + 1} moves "${mapping.target}", which is not here`);
    return mapping;
  });
}

/** Mappings out of the browser's store; what is not understood is left out. */
export function keptMappings(kept: unknown): readonly Mapping[] | undefined {
  if (!Array.isArray(kept)) return undefined;
  return kept.map(mappingOf).filter((mapping) => typeof mapping !== "string");
}

/** A mapping, or what is wrong with it. */
function mappingOf(json: unknown): Mapping | string {
  if (!isJson(json)) return "is no object";
  const { target, device } = json;
  if (typeof target !== "string") return "names no target";
  if (typeof device !== "string") return "names no device";
  const source = sourceOf(json.source);
  if (source === undefined) return "names no control of a controller";
  const encoding = ENCODINGS.find((known) => known === json.encoding);
  if (encoding === undefined) return `has an encoding that is none of ${ENCODINGS.join(", ")}`;
  return { target, device, source, encoding };
}

function sourceOf(json: unknown): ControlSource | undefined {
  if (!isJson(json)) return undefined;
  const { kind, channel, number } = json;
  if (typeof kind !== "string" || !Object.hasOwn(SOURCE_KINDS, kind)) return undefined;
  const highest = SOURCE_KINDS[kind as ControlSource["kind"]];
  if (!isWhole(channel, 0, 15) || !isWhole(number, 0, highest)) return undefined;
  return { kind, channel, number } as ControlSource;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure("unreadable", "This file is no JSON: choose one that was exported here.", {
      cause,
    });
  }
}

const unreadable = (what: string): Failure =>
  new Failure("unreadable", `These mappings cannot be read: ${what}; choose a file exported here.`);
