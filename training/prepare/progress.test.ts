import { describe, expect, it } from "vitest";
import { bar, describeStanding, Progress } from "./progress.ts";

/** A stream that keeps what is written. */
function stream(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  return { written, stream: { isTTY, columns, write } as unknown as NodeJS.WriteStream };
}

const standing = (files: number) => ({ files, total: 1000, begun: 0, seconds: files / 10 });

describe("progress", () => {
  it("tells share, rate and time left, by what this run took", () => {
    const text = describeStanding({ files: 700, total: 1000, begun: 500, seconds: 2 });
    expect(text).toBe("70.0 %, 700 of 1000 files, 100 files/s, 0:03 left");
    const slow = describeStanding({ files: 10, total: 1000, begun: 0, seconds: 10 });
    expect(slow).toContain("1 files/s, 16:30 left");
    expect(describeStanding({ files: 5, total: 9, begun: 5, seconds: 0 })).toContain("not known");
  });

  it("draws a bar as long as the share, and none where there is no room", () => {
    expect(bar(0, "", 100)).toBe(`[${"-".repeat(24)}] `);
    expect(bar(0.5, "", 100)).toBe(`[${"#".repeat(12)}${"-".repeat(12)}] `);
    expect(bar(1, "", 100)).toBe(`[${"#".repeat(24)}] `);
    expect(bar(0.5, "x".repeat(80), 92)).toBe("[####----] ");
    expect(bar(0.5, "x".repeat(80), 85)).toBe("");
  });

  it("rewrites one line on a terminal, within its width", () => {
    const { written, stream: terminal } = stream(true, 40);
    const progress = new Progress(terminal);
    for (const files of [1, 2, 3]) progress.show(standing(files));
    expect(written).toHaveLength(3);
    for (const text of written) {
      expect(text.startsWith("\r\x1b[K")).toBe(true);
      expect(text).not.toContain("\n");
      expect(text.length - "\r\x1b[K".length).toBeLessThan(40);
    }
  });

  it("writes a line a tenth elsewhere", () => {
    const { written, stream: log } = stream(false);
    const progress = new Progress(log);
    for (let files = 1; files <= 1000; files++) progress.show(standing(files));
    expect(written).toHaveLength(10);
    expect(written[4]).toBe("50.0 %, 500 of 1000 files, 10 files/s, 0:50 left\n");
  });
});
