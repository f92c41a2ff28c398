/** A kit's folder whose index is whole and whose samples are not: for tests in which nothing sounds. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { INSTRUMENTS } from "#music/instrument.ts";

/** Name of the file that holds every instrument. */
export const KIT_FILE = "all.0123456789ab.bin";

/** Writes kit.json and one file of 100 bytes into `folder`, which is made. */
export async function writeSampleKit(folder: string, id: string): Promise<void> {
  const zone = {
    ...{ rootPitch: 60, lowest: 0, highest: 127, softest: 1, loudest: 127 },
    ...{ offset: 0, bytes: 100, frames: 1000, gain: 1 },
  };
  const instruments = INSTRUMENTS.map((name) => ({
    name,
    file: KIT_FILE,
    ...{ bytes: 100, level: 0, pan: 0, reverb: 0, release: 0.1, polyphony: 8, oneShot: false },
    zones: [zone],
  }));
  const kit = { id, name: "Sample", sampleRate: 44_100, velocityExponent: 2, instruments };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "kit.json"), JSON.stringify(kit));
  await writeFile(join(folder, KIT_FILE), Buffer.alloc(100, 7));
}
