/**
 * `npm run make-kit [-- --soundfont FILE --out FOLDER --only Piano,Bass]`: samples a General MIDI
 * soundfont into a kit, one file of MP3 streams an instrument and an index, and prints what was
 * measured of it. Needs FluidSynth and ffmpeg; their versions decide the last bit, so the kit is
 * kept in the repository and made again only on purpose.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import { DRUM_CHANNEL, DRUMS } from "#music/instrument.ts";
import { type KitInstrument, parseKit, type Zone } from "#sound/kit.ts";
import { RECORDING_RATE, record } from "./fluidsynth.ts";
import { attackTime, median } from "./measure.ts";
import { encodeMp3 } from "./mp3.ts";
import { chokeGroup, drumPlace, SAMPLING_PLAN, type SamplingPlan } from "./plan.ts";
import { strikesOf, type Take, takesOf } from "./take.ts";
import { peakOf } from "./trim.ts";

/** Gain of velocity v is (v / 127) to this: a little flatter than the soundfont's 1.7. */
const VELOCITY_EXPONENT = 1.4;

/** Frames an MP3 decoder lags behind. */
const DECODER_DELAY = 529;

interface Report {
  name: string;
  samples: number;
  seconds: number;
  kilobytes: number;
  medianCents: string;
  worstCents: string;
  peak: string;
  attackMs: string;
  loopDb: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      soundfont: { type: "string", default: "/usr/share/sounds/sf3/MuseScore_General_Full.sf3" },
      out: { type: "string", default: "presets/kits/general" },
      only: { type: "string" },
    },
  });
  const wanted = values.only?.split(",");
  const scratch = await mkdtemp(join(tmpdir(), "cadenza-kit-"));
  await mkdir(values.out, { recursive: true });
  const before = wanted
    ? parseKit(await readFile(join(values.out, "kit.json"), "utf8"))
    : undefined;
  const instruments: KitInstrument[] = [];
  const reports: Report[] = [];
  try {
    for (const plan of SAMPLING_PLAN) {
      if (before && !wanted?.includes(plan.name)) {
        instruments.push(before.instruments[plan.instrument]);
        continue;
      }
      console.error(`${plan.name}...`);
      const made = await makeInstrument(plan, values.soundfont, values.out, scratch);
      instruments.push(made.instrument);
      reports.push(made.report);
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  await writeFile(join(values.out, "kit.json"), indexText(instruments));
  const files = new Set(instruments.map(({ file }) => file));
  for (const file of await readdir(values.out)) {
    if (file.endsWith(".bin") && !files.has(file)) await rm(join(values.out, file));
  }
  console.table(reports);
  const bytes = instruments.reduce((sum, instrument) => sum + instrument.bytes, 0);
  console.log(`${(bytes / 1e6).toFixed(2)} MB in ${instruments.length} files`);
}

async function makeInstrument(
  plan: SamplingPlan,
  soundfont: string,
  out: string,
  folder: string,
): Promise<{ instrument: KitInstrument; report: Report }> {
  const channel = plan.instrument === DRUMS ? DRUM_CHANNEL : 0;
  const { program } = plan;
  const recordings = await record({
    soundfont,
    program,
    channel,
    strikes: strikesOf(plan),
    folder,
  });
  const takes = takesOf(plan, recordings);
  const streams: Buffer[] = [];
  const zones: Zone[] = [];
  const peaks: number[] = [];
  const attacks: number[] = [];
  let offset = 0;
  for (const take of takes) {
    const { mp3, decoded } = await encodeMp3(take.channels, plan.quality, folder);
    const frames = take.channels[0].length;
    const excess = decoded[0].length - frames; // up to a decoder's delay may stay at the end
    if (excess < 0 || excess >= DECODER_DELAY) {
      throw new Failure("unsupported", "ffmpeg ignored LAME's padding tag: use a newer ffmpeg.");
    }
    zones.push(zoneOf(plan, take, takes, { offset, bytes: mp3.length, frames }));
    streams.push(mp3);
    offset += mp3.length;
    peaks.push(peakOf(decoded));
    attacks.push(attackTime(decoded));
  }
  const content = Buffer.concat(streams);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const file = `${plan.name.toLowerCase()}.${digest}.bin`;
  await writeFile(join(out, file), content);
  const { instrument, name, level, pan, reverb, release, polyphony } = plan;
  const mixing = { level, pan, reverb, release, polyphony, oneShot: instrument === DRUMS };
  return {
    instrument: {
      instrument,
      name: name as KitInstrument["name"],
      file,
      bytes: offset,
      ...mixing,
      zones,
    },
    report: reportOf(plan, takes, offset, peaks, attacks),
  };
}

function zoneOf(
  plan: SamplingPlan,
  take: Take,
  takes: readonly Take[],
  place: Pick<Zone, "offset" | "bytes" | "frames">,
): Zone {
  const pitches = [...new Set(takes.map(({ pitch }) => pitch))].sort((a, b) => a - b);
  const velocities = takes.filter(({ pitch }) => pitch === take.pitch).map((t) => t.velocity);
  const [lowest, highest] = served(pitches, take.pitch, 0, 127);
  const [softest, loudest] = served(velocities, take.velocity, 1, 127);
  // A piano's octaves are stretched on purpose; the others play exactly in tune.
  const tuned = plan.name !== "Piano" && take.cents !== undefined;
  const rootPitch = take.pitch + (tuned ? Math.round(take.cents ?? 0) / 100 : 0);
  const isDrum = plan.instrument === DRUMS;
  const [pan, choke] = isDrum ? [drumPlace(take.pitch), chokeGroup(take.pitch)] : [0, undefined];
  return {
    rootPitch: Number(rootPitch.toFixed(2)),
    lowest,
    highest,
    softest,
    loudest,
    ...place,
    gain: Number(take.gain.toPrecision(4)),
    ...(take.loop && { loop: { start: take.loop.start, end: take.loop.end } }),
    ...(pan !== 0 && { pan }),
    ...(choke !== undefined && { choke }),
  };
}

/** The stretch nearer to `value` than to its neighbours in ascending `values`, inclusive. */
function served(values: readonly number[], value: number, first: number, last: number) {
  const index = values.indexOf(value);
  const [below, above] = [values[index - 1], values[index + 1]];
  return [
    below === undefined ? first : Math.floor((below + value) / 2) + 1,
    above === undefined ? last : Math.floor((value + above) / 2),
  ];
}

function reportOf(
  plan: SamplingPlan,
  takes: readonly Take[],
  bytes: number,
  peaks: readonly number[],
  attacks: readonly number[],
): Report {
  const cents = takes.flatMap((take) => (take.cents === undefined ? [] : [Math.abs(take.cents)]));
  const loops = takes.flatMap((take) => (take.loop ? [take.loop.mismatch] : []));
  const seconds = takes.reduce((sum, take) => sum + take.channels[0].length, 0) / RECORDING_RATE;
  return {
    name: plan.name,
    samples: takes.length,
    seconds: Math.round(seconds),
    kilobytes: Math.round(bytes / 1000),
    medianCents: cents.length > 0 ? median(cents).toFixed(1) : "-",
    worstCents: cents.length > 0 ? Math.max(...cents).toFixed(1) : "-",
    peak: Math.max(...peaks).toFixed(3),
    attackMs: `${median(attacks).toFixed(0)} (${Math.max(...attacks).toFixed(0)})`,
    loopDb:
      loops.length > 0 ? `${median(loops).toFixed(0)} (${Math.max(...loops).toFixed(0)})` : "-",
  };
}

/** JSON with one zone a line, so that a change of one sample is a change of one line. */
function indexText(instruments: readonly KitInstrument[]): string {
  const blocks = instruments.map(({ instrument: _, zones, ...rest }) => {
    const head = JSON.stringify(rest).slice(0, -1);
    const lines = zones.map((zone) => `      ${JSON.stringify(zone)}`);
    return `    ${head},"zones":[\n${lines.join(",\n")}\n    ]}`;
  });
  const head = {
    id: "general",
    name: "General",
    source: "MuseScore_General (MIT, see LICENSE.txt), sampled by server/sampling",
    sampleRate: RECORDING_RATE,
    velocityExponent: VELOCITY_EXPONENT,
  };
  const opening = JSON.stringify(head, null, 2).slice(0, -2);
  return `${opening},\n  "instruments": [\n${blocks.join(",\n")}\n  ]\n}\n`;
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
