/**
 * Files that readers stumble over, each with what its maker meant (testing/cases/expected.json).
 * A case's `read` is what reading and arranging it must give; `expected` says the same in words.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { INSTRUMENTS } from "#music/instrument.ts";
import { endOfNotes } from "#music/piece.ts";
import { arrange } from "./arrangement.ts";
import { readMidi } from "./midi-reader.ts";

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly expected: string;
  readonly read?: {
    /** Arranged notes, "pitch@onset+duration" in steps. */
    readonly notes?: string;
    /** Arranged notes of each instrument. */
    readonly instruments?: Readonly<Record<string, number>>;
    readonly unmapped?: number;
    readonly bars?: number;
    /** Names of the tracks that have one. */
    readonly trackNames?: readonly string[];
    /** Whether the file is damaged, which a warning must tell. */
    readonly warns?: boolean;
  };
}

const FOLDER = new URL("../testing/cases/", import.meta.url);
const CASES: readonly Case[] = JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8"));

/** Kinds that show in what is made of a file, not only in its notes as they are read, and the tests that ask them. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  K1: ["client/players/midi/midi-player.test.ts"],
  K2: ["server/offline/song.test.ts"],
  K5: ["client/music/midi/prime.test.ts"],
  K9: ["server/offline/song.test.ts"],
  K10: ["client/players/voices/tone-player.browser.test.ts"],
  K14: [
    "server/offline/song.test.ts",
    "server/cli/commands.test.ts",
    "server/routes/renders.test.ts",
    "server/routes/compositions.test.ts",
    "client/ui/compose/cadenza-prime.browser.test.ts",
  ],
  K17: ["client/ui/compose/cadenza-prime.browser.test.ts", "training/prepare/find-files.test.ts"],
  attack: ["server/offline/song.test.ts"],
  K18: ["server/offline/encode.test.ts", "server/offline/mp3-length.slow.test.ts"],
};

/** What reading gives of what a case asks. */
function readingOf({ file, read }: Case): Case["read"] {
  const song = readMidi(new Uint8Array(readFileSync(new URL(file, FOLDER))));
  const { notes, counts, metres } = arrange(song);
  const instruments: Record<string, number> = {};
  for (const { instrument } of notes) {
    const name = INSTRUMENTS[instrument];
    instruments[name] = (instruments[name] ?? 0) + 1;
  }
  const got: Required<NonNullable<Case["read"]>> = {
    notes: notes.map(({ pitch, onset, duration }) => `${pitch}@${onset}+${duration}`).join(" "),
    instruments,
    unmapped: counts.unmapped,
    bars: metres.barsIn(endOfNotes(notes)),
    trackNames: song.trackNames.filter((name) => name !== ""),
    warns: song.warnings.length > 0,
  };
  const asked = Object.keys(read ?? {}) as (keyof typeof got)[];
  return Object.fromEntries(asked.map((key) => [key, got[key]]));
}

describe("files as their makers meant them", () => {
  const readable = CASES.filter(({ read }) => read !== undefined);
  it.each(readable)("$kind $file: $expected", (each) => {
    expect(readingOf(each)).toEqual(each.read);
  });

  it("are asked here or in a test that is named", () => {
    const textOf = (test: string) =>
      readFileSync(new URL(`../../../${test}`, import.meta.url), "utf8");
    const named = CASES.filter(({ kind, file }) =>
      ELSEWHERE[kind]?.some((test) => textOf(test).includes(file.split(".")[0])),
    );
    const unasked = CASES.filter((each) => each.read === undefined && !named.includes(each));
    expect(unasked.map(({ kind, file }) => `${kind} ${file}`)).toEqual([]);
    expect(new Set(named.map(({ kind }) => kind))).toEqual(new Set(Object.keys(ELSEWHERE)));
  });
});
