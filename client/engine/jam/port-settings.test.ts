import { describe, expect, it } from "vitest";
import { keptPortSettings, PortSettingsBoard, USUAL_PORT } from "./port-settings.ts";

describe("PortSettingsBoard", () => {
  it("knows each port's own, and brings a latency into its range", () => {
    const board = new PortSettingsBoard();
    let told = 0;
    board.changed.on(() => told++);
    board.set("Digitakt", { latency: 900 });
    board.set("Digitakt", { clockOut: true });
    expect(board.of("Digitakt")).toEqual({ latency: 200, clockOut: true });
    expect(board.of("toString")).toEqual(USUAL_PORT);
    expect(told).toBe(2);
  });

  it("comes back from the store, and takes nothing else from there", () => {
    const board = new PortSettingsBoard();
    board.set("Prophet", { latency: -12.5 });
    expect(keptPortSettings(JSON.parse(JSON.stringify(board.state)))).toEqual(board.state);
    expect(keptPortSettings("x")).toBeUndefined();
    expect(
      keptPortSettings({ a: 3, b: { latency: "9", clockOut: 1 }, c: { latency: -999 } }),
    ).toEqual({
      ...{ a: USUAL_PORT, b: USUAL_PORT, c: { latency: -200, clockOut: false } },
    });
  });
});
