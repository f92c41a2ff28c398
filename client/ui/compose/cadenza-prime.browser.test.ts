import { describe, expect, it } from "vitest";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import { bandNotes } from "../testing/band.ts";
import { mount } from "../testing/mount.ts";
import { PrimeEvent } from "./cadenza-prime.ts";
import type { PrimeFile } from "./prime.ts";

async function primeOf() {
  const chosen: (PrimeFile | undefined)[] = [];
  const mounted = await mount("cadenza-prime");
  mounted.element.addEventListener(PrimeEvent.type, (event) =>
    chosen.push((event as PrimeEvent).prime),
  );
  /** Drops a file as a person would. */
  const drop = (name: string, bytes: Uint8Array) => {
    const data = new DataTransfer();
    data.items.add(new File([bytes.slice()], name));
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    mounted.find(".zone").dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
  };
  const error = () => mounted.find(".error").textContent ?? "";
  return { ...mounted, chosen, drop, error };
}

/** A file kept for a fault that another program had with it. */
const caseFile = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetch(`/client/music/testing/cases/${name}`)).arrayBuffer());

const FILE = writeMidi(bandNotes(8), { tempos: [{ step: 0, tempo: 96 }] });

describe("cadenza-prime", () => {
  it("reads a dropped file and says what it holds", async () => {
    const { chosen, drop, find } = await primeOf();
    drop("song.mid", FILE);
    await expect.poll(() => chosen.length).toBe(1);
    expect(chosen[0]).toMatchObject({ name: "song.mid", tempo: 96 });
    expect(chosen[0]!.music.notes).toHaveLength(bandNotes(8).length);
    expect(find(".file").textContent).toContain("in 8 bars: Piano, Bass, Violin, Flute, Drums");
  });

  it("reads a waltz in its own bars, and says what is set", async () => {
    const { chosen, drop, find, rendered } = await primeOf();
    const metres = MetreMap.of(parseMetre("3/4"));
    drop("waltz.mid", writeMidi(bandNotes(6), { tempos: [{ step: 0, tempo: 90 }], metres }));
    await expect.poll(() => chosen.length).toBe(1);
    await rendered();
    expect(chosen[0]).toMatchObject({ tempo: 90, metre: parseMetre("3/4") });
    expect(find(".file").textContent).toContain("in 8 bars:");
    expect(find(".file").textContent).toContain("tempo, 90 bpm, and its metre, 3/4, are set.");
  });

  it("keeps the page and takes the file that is dropped beside the zone", async () => {
    const { chosen } = await primeOf();
    const data = new DataTransfer();
    data.items.add(new File([FILE.slice()], "beside.mid"));
    for (const kind of ["dragover", "drop"]) {
      const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      expect(event.defaultPrevented).toBe(true);
    }
    await expect.poll(() => chosen[0]?.name).toBe("beside.mid");
  });

  it("says of a file that was cut short that it is damaged, and of an empty one what it is", async () => {
    const { chosen, drop, find, error, rendered } = await primeOf();
    drop("cut.mid", FILE.slice(0, Math.round(FILE.length * 0.6)));
    await expect.poll(() => chosen.length).toBe(1);
    await rendered();
    expect(chosen[0]!.remarks).not.toEqual([]);
    expect(find(".file").textContent).toContain(chosen[0]!.remarks[0]);
    drop("empty.mid", new Uint8Array(0));
    await expect.poll(error).not.toBe("");
  });

  it("says which notes are left out, and why", async () => {
    const { chosen, drop, find, rendered } = await primeOf();
    for (const [name, remark] of [
      [
        "43-timpani-part.mid",
        "10 notes of sounds that none of the twelve instruments has are left out.",
      ],
      ["44-muted-by-volume-0.mid", "8 notes of channels at volume 0 are left out."],
      [
        "56-unison-of-two-tracks.mid",
        "8 notes on one step with another of their key are left out.",
      ],
    ]) {
      drop(name, await caseFile(name));
      await expect.poll(() => chosen.at(-1)?.name).toBe(name);
      await rendered();
      expect(find(".file").textContent).toContain(remark);
    }
  });

  it("offers and reads karaoke files and MIDI in RIFF", async () => {
    const { chosen, drop, find } = await primeOf();
    const offered = find<HTMLInputElement>("input").accept.split(",");
    expect(offered).toEqual(expect.arrayContaining([".mid", ".midi", ".kar", ".rmi"]));
    for (const name of ["59-karaoke.kar", "12-rmid-info-before-data.rmi"]) {
      drop(name, await caseFile(name));
      await expect.poll(() => chosen.at(-1)?.name).toBe(name);
    }
    expect(chosen[0]!.summary).toContain("16 notes");
  });

  it("reads a chosen file, and puts it away", async () => {
    const { chosen, find, rendered } = await primeOf();
    const data = new DataTransfer();
    data.items.add(new File([FILE.slice()], "song.mid"));
    const input = find<HTMLInputElement>("input");
    input.files = data.files;
    input.dispatchEvent(new Event("change"));
    await expect.poll(() => chosen.length).toBe(1);
    await rendered();
    find("button").click();
    expect(chosen[1]).toBeUndefined();
  });

  it.each([
    ["what is no MIDI file", new TextEncoder().encode("RIFF, a film"), /MIDI/],
    ["a file without notes", writeMidi([]), /holds no notes/],
    ["a file far too large", new Uint8Array(5_000_000), /too large/],
  ])("refuses %s in words", async (_, bytes, words) => {
    const { chosen, drop, error } = await primeOf();
    drop("bad.mid", bytes);
    await expect.poll(error).toMatch(words);
    expect(chosen).toEqual([undefined]);
  });
});
