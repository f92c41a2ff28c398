import { describe, expect, it } from "vitest";
import { PortNames } from "./port-names.ts";

const port = (id: string, name = "Digitakt") => ({ id, name });

describe("PortNames", () => {
  it("takes the system's names, and numbers twins", () => {
    const names = new PortNames();
    expect(names.of([port("1"), port("2"), port("3", "Prophet"), port("4", " ")])).toEqual([
      ...["Digitakt", "Digitakt (2)", "Prophet", "MIDI"],
    ]);
  });

  it("leaves a port its name when its twin goes, and gives it back when it comes", () => {
    const names = new PortNames();
    names.of([port("1"), port("2")]);
    expect(names.of([port("2")])).toEqual(["Digitakt (2)"]);
    expect(names.of([port("1"), port("2")])).toEqual(["Digitakt", "Digitakt (2)"]);
  });

  it("knows a port that comes back under another id", () => {
    const names = new PortNames();
    names.of([port("1")]);
    expect(names.of([port("9")])).toEqual(["Digitakt"]);
    expect(names.of([port("9"), port("1")])).toEqual(["Digitakt", "Digitakt (2)"]);
  });
});
