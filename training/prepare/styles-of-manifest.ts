/**
 * `npx tsx training/prepare/styles-of-manifest.ts --manifest FILE.tsv --in DIR > styles.tsv`: the styles of the training
 * music as `prepare-data --styles` reads them. From a file's source, the words of its original path in the manifest
 * (columns: tier, folder, md5, ..., original path last), and where both say nothing from its instruments.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import type { STYLES } from "#music/chart/conditions.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";

type Style = (typeof STYLES)[number] | "open";
type Answer = Style | "instruments";

/** Melodic instruments from which an ensemble is an orchestra. */
const ORCHESTRA = 5;

/** The first rule whose source and words match says the style; "instruments" asks the notes. */
const RULES: readonly (readonly [source: RegExp, words: RegExp, answer: Answer])[] = [
  [/^ultimate/, /\/rock\//, "rock"],
  [/^ultimate/, /\/pop\//, "pop"],
  [/^ultimate/, /\/country\//, "country"],
  [/^ultimate/, /\/rap_hip_hop\//, "hip hop"],
  [/^ultimate/, /\/rnb_soul\//, "soul"],
  [/^ultimate/, /\/classic\//, "instruments"],
  [/^(vgmusic|easyrpg)/, /./, "game"],
  [/^freedoom/, /./, "metal"],
  [/^(simutrans|openmsx)/, /./, "jazz"],
  [/^pop909/, /./, "pop"],
  [/^openscore-orchestra/, /./, "orchestra"],
  [/^openscore-quartets/, /./, "chamber"],
  [/^openscore-lieder/, /./, "song"],
  [/^web-archive/, /\/(irishmidifiles|aol_israelmidi)\//, "folk"],
  [/^web-archive/, /\/christian\//, "hymn"],
  [/^web-archive/, /\/(botproductions|perso)\//, "choir"],
  [/^web-archive/, /\/prairiefrontier\//, "pop"],
  [/^web-archive/, /\/(vietvet|elephanttalk)\//, "rock"],
  [/^web-archive/, /\/mahamidi\//, "jazz"],
  [/^web-archive/, /\/(emusic|halhkmusic|sankey)\//, "instruments"],
  [/^mutopia/, /\[Voice[^\]]*piano/i, "song"],
  [/^mutopia/, /\[[^\]]*\b(SATB|TTBB|SSA|choir|chorus|voices?)\b/i, "choir"],
  [/^mutopia/, /\[[^\]]*orchestra/i, "orchestra"],
  [/^mutopia/, /./, "instruments"],
  [/^classical-web/, /lied(er)?[_-]/, "song"],
  [/^classical-web/, /chorale/, "hymn"],
  [/^classical-web/, /messiah|requiem|mass\b|missa|oratorio|cantata|motet|passion/, "choir"],
  [/^classical-web/, /symphon/, "orchestra"],
  [/^classical-web/, /./, "instruments"],
  [/^polish/, /kancjonal|cantional|hymn|modlitwa/, "hymn"],
  [
    /^polish/,
    /miss?a|msza|messe|kyrie|gloria|credo|sanctus|agnus|benedictus|et-in-terra|patrem|requiem|vesper|nieszpory|psalm|magnificat|motet|madrigal|litan|offertor|gradual|introit|communio|antiphon|te-deum|regina|salve|ave-|alleluia|stabat|passio|rorate|domin|confitebor|laetatus|laudate|chor|choeur/,
    "choir",
  ],
  [/^polish/, /symfoni|sinfonia|symphon|uwertura|ouvertur|koncert|concert/, "instruments"],
  [/^polish/, /kern\/pl-(kk|kc|gd)-/, "choir"],
  [/^polish/, /./, "instruments"],
];

/** The style of a file's instruments, as chamber musicians would call it. */
function ofInstruments(path: string): Style {
  const classes = new Set(arrange(readMidi(readFileSync(path))).notes.map((n) => n.instrument));
  classes.delete(DRUMS);
  const plays = (name: string): boolean =>
    classes.has((INSTRUMENTS as readonly string[]).indexOf(name));
  if (plays("Choir")) return "choir";
  if (classes.size === 1) return plays("Piano") ? "piano" : plays("Organ") ? "open" : "chamber";
  return classes.size >= ORCHESTRA ? "orchestra" : "chamber";
}

function styleOf(source: string, original: string, path: string): Style {
  const answer = RULES.find(([of, words]) => of.test(source) && words.test(original))?.[2];
  if (answer !== "instruments") return answer ?? "open";
  try {
    return ofInstruments(path);
  } catch (error) {
    if (error instanceof Failure) return "open"; // Preparation counts what cannot be read.
    throw error;
  }
}

function main(): void {
  const { values } = parseArgs({
    options: { manifest: { type: "string" }, in: { type: "string" } },
  });
  const { manifest, in: root } = values;
  if (manifest === undefined || root === undefined) {
    throw new Failure(
      "usage",
      "Name the manifest with --manifest FILE.tsv and the folder of sources with --in DIR.",
    );
  }
  const [, ...lines] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  for (const line of lines) {
    const columns = line.split("\t");
    const [, source, md5] = columns;
    const name = `${source}/${md5}.mid`;
    const style = styleOf(source, columns[columns.length - 1], join(root, name));
    process.stdout.write(`${name}\t${style}\n`);
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error instanceof Failure && error.kind === "usage" ? 2 : 1;
}
