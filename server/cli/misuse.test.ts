/** Every command refuses misuse: one sentence with the remedy on stderr, nothing on stdout, status 2. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cadenza } from "../testing/command-line.ts";
import { SAMPLE_MIDI } from "../testing/sample-app.ts";

// Processes and threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cadenza-test-"));
  await writeFile(join(folder, "in.mid"), SAMPLE_MIDI);
  await writeFile(join(folder, "text.mid"), "this is no MIDI file");
  await writeFile(join(folder, "wrong.json"), "[3087, 3073, 3075, 1280]");
  await writeFile(join(folder, "chart.txt"), "| Am | F |");
});
afterAll(async () => {
  // No refusal leaves a file behind.
  expect((await readdir(folder)).sort()).toEqual([
    ...["chart.txt", "in.mid", "text.mid", "wrong.json"],
  ]);
  await rm(folder, { recursive: true });
});

/** Words of a call, @ standing for the test's folder; the status; what the sentence must say. */
type Case = readonly [call: string, status: number, sentence: RegExp];

const CASES: readonly Case[] = [
  ["", 2, /choose one of compose, render/],
  ["sing", 2, /no command "sing"; choose one of compose, render/],
  ["--loud", 2, /no command "--loud"; choose one of/],

  ["tokenize", 2, /needs in\.mid; see cadenza tokenize --help/],
  ["tokenize @/in.mid @/in.mid", 2, /has no use for/],
  ["tokenize @/none.mid", 2, /no file .*none\.mid; check its name/],
  ["tokenize @", 2, /is a folder; name a file in it/],
  ["tokenize --loud @/in.mid", 2, /no option --loud; see cadenza tokenize --help/],
  ["tokenize @/text.mid", 1, /not a Standard MIDI File.*choose a \.mid file/],

  ["detokenize @/wrong.json", 2, /needs --output out\.mid; see/],
  ["detokenize @/wrong.json -o", 2, /-o needs a value; see/],
  ["detokenize @/wrong.json -o @/out.mid --tempo fast", 2, /--tempo must be a number from 20 to/],
  ["detokenize @/wrong.json -o @/out.mid", 1, /Token 3 is 1280 where a time token must stand/],
  ["detokenize @/text.mid -o @/out.mid", 1, /is not JSON; give a list of token ids/],

  ["inspect", 2, /needs in\.mid; see cadenza inspect --help/],
  ["inspect @/none.mid", 2, /no file .*none\.mid; check its name/],

  ["render @/in.mid", 2, /needs --output out\.mp3; see/],
  ["render @/in.mid -o @/out", 2, /names no format; end it in \.mp3 or \.wav/],
  ["render @/in.mid -o @/out.ogg", 2, /"ogg" is no format of sound; mp3 and wav are/],
  ["render @/in.mid -o @/out.mp3 --kit none", 2, /no kit "none"; choose one of general/],
  ["render @/in.mid -o @/out.mp3 -o @/out.wav", 2, /given twice/],
  ["render @/in.mid -o @/out.mp3 --stems=yes", 2, /--stems takes no value/],
  ["render @/none.mid -o @/out.mp3", 2, /no file .*none\.mid; check its name/],
  ["render @/text.mid -o @/out.mp3", 1, /not a Standard MIDI File/],

  ["compose", 2, /Name the instrument that leads: one of Piano, Guitar/],
  ["compose --instrument Kazoo", 2, /no instrument "Kazoo"; choose one of Piano, Guitar/],
  ["compose --instrument Drums", 2, /Drums cannot lead; choose one of Piano/],
  ["compose --instrument Piano --band Bass,Kazoo", 2, /no instrument "Kazoo"; choose one of/],
  ["compose --instrument Piano --bars many", 2, /bars "many" is no number; give one/],
  ["compose --instrument Piano --bars 0", 2, /bars 0 must be a whole number from 1 to 512/],
  ["compose --instrument Piano --bars 1.5", 2, /bars 1\.5 must be a whole number from 1 to/],
  ["compose --instrument Piano --tracks 17", 2, /tracks 17 must be a whole number from 1 to 16/],
  ["compose --instrument Piano --seed=-1", 2, /seed -1 must be a whole number from 0 to/],
  ["compose --instrument Piano --temperature 3", 2, /temperature 3 must be a number from 0 to 2/],
  ["compose --instrument Piano --tempo 10", 2, /tempo 10 must be a number from 20 to 300/],
  ["compose --instrument Piano --top-p 0", 2, /topP 0 must be a number from 0.01 to 1/],
  ["compose --instrument Piano --key H", 2, /key "H" is not known; name a tonic and one of major/],
  ["compose --instrument Piano --format ogg", 2, /no "ogg"; choose from mid, mp3, wav/],
  ["compose --instrument Piano --model none", 2, /no model/],
  ["compose --instrument Piano --prime @/none.mid", 2, /no file .*none\.mid/],
  ["compose --instrument Piano --bars 1 --prime @/in.mid", 2, /lasts 1 bars.*ask for more bars/],
  ["compose --instrument Piano --prime @/text.mid", 1, /not a Standard MIDI File/],
  ["compose --instrument Piano --style polka", 2, /no style "polka"; choose one of rock, pop/],
  ["compose --instrument Piano --chart @/none.txt", 2, /no file .*none\.txt; check its name/],
  [
    "compose --instrument Piano --chart @/chart.txt --bars 999999999",
    ...([2, /bars 999999999 must be a whole number from 1 to 512/] as const),
  ],
  ["compose Piano", 2, /has no use for "Piano"; see cadenza compose --help/],
];

describe("misuse", () => {
  it.concurrent.each(CASES)("cadenza %s", async (call, status, sentence) => {
    const words = call === "" ? [] : call.replaceAll("@", folder).split(" ");
    const ended = await cadenza(...words);
    expect(ended.err).toMatch(sentence);
    expect(ended.err).toMatch(/^[^\n]+\.\n$/); // one sentence, ended, and nothing else
    expect(ended.out).toBe("");
    expect(ended.status).toBe(status);
  });
});
