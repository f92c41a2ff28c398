import { describe, expect, it } from "vitest";
import { Failure, remarkOf } from "#base/failure.ts";
import { remark, sameRemark, sentence } from "#base/remark.ts";
import { ENGLISH } from "./english.ts";
import { say } from "./say.ts";
import type { Sentences } from "./sentences.ts";

describe("say", () => {
  it("makes a sentence of a code and its parameters, in any language", () => {
    const lost = remark("midi-port-lost", { port: "Synth" });
    expect(say(lost)).toMatch(/^The MIDI port "Synth" went away: plug it in again/);
    const german: Sentences = { ...ENGLISH, "midi-port-lost": ({ port }) => `${port} ist fort.` };
    expect(say(lost, german)).toBe("Synth ist fort.");
    expect(say(remark("device-lost", { reason: lost }), german)).toContain("(Synth ist fort.)");
    expect(say(undefined)).toBe("");
  });

  it("lists the instruments that play synthesised", () => {
    const told = (...instruments: string[]) =>
      say(remark("plays-synthesised", { instruments, of: 3, reason: sentence("Reload.") }));
    expect(told("Piano")).toBe("Piano plays synthesised. Reload.");
    expect(told("Piano", "Bass")).toBe("Piano and Bass play synthesised. Reload.");
    expect(told("Piano", "Bass", "Harp")).toBe("All twelve instruments play synthesised. Reload.");
  });

  it("tells of a failure what it is told with, and of a bug its message", () => {
    expect(say(remarkOf(new Failure("usage", "Give a number.")))).toBe("Give a number.");
    expect(say(remarkOf(new Failure("unsupported", remark("no-web-audio", {}))))).toMatch(
      /Web Audio/,
    );
    expect(say(remarkOf(new TypeError("x is no function")))).toBe("x is no function");
  });

  it("compares remarks by code and parameters", () => {
    const lost = (port: string) => remark("midi-port-lost", { port });
    expect(sameRemark(lost("a"), lost("a"))).toBe(true);
    expect(sameRemark(lost("a"), lost("b"))).toBe(false);
  });
});
