import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { mount } from "../testing/mount.ts";
import "./cadenza-dial.ts";
import { DialEvent } from "./dial-event.ts";

async function dialOf() {
  const values: number[] = [];
  const mounted = await mount("cadenza-dial", {
    label: "temperature",
    min: 0.1,
    max: 1.5,
    step: 0.01,
    value: 0.9,
    resetTo: 0.95,
  });
  mounted.element.addEventListener(DialEvent.type, (event) =>
    values.push((event as DialEvent).value),
  );
  return { ...mounted, values };
}

const pointer = (type: string, y: number): PointerEvent =>
  new PointerEvent(type, { clientX: 30, clientY: y, button: 0, pointerId: 1, bubbles: true });

describe("cadenza-dial", () => {
  it("turns by the arrow keys, End and Home", async () => {
    const { find, values } = await dialOf();
    find("input").focus();
    await userEvent.keyboard("{ArrowUp}{ArrowUp}{ArrowLeft}{End}{Home}");
    expect(values).toEqual([0.91, 0.92, 0.91, 1.5, 0.1]);
  });

  it("turns by dragging up, stays in its range and on its steps", async () => {
    const { element, find, values } = await dialOf();
    const face = find(".face");
    face.setPointerCapture = () => undefined;
    face.dispatchEvent(pointer("pointerdown", 300));
    face.dispatchEvent(pointer("pointermove", 282));
    expect(element.value).toBeCloseTo(0.9 + 0.1 * 1.4, 6);
    face.dispatchEvent(pointer("pointermove", -900));
    expect(element.value).toBe(1.5);
    face.dispatchEvent(pointer("pointerup", -900));
    face.dispatchEvent(pointer("pointermove", 300));
    expect(values).toEqual([1.04, 1.5]);
  });

  it("goes back to the usual value on a double click", async () => {
    const { find, values } = await dialOf();
    find(".face").dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    expect(values).toEqual([0.95]);
  });

  it("speaks its value", async () => {
    const { find, element, rendered } = await dialOf();
    element.format = (value) => `${Math.round(value * 100)} %`;
    element.value = 0.5;
    await rendered();
    expect(find("input").getAttribute("aria-valuetext")).toBe("50 %");
    expect(find("input").getAttribute("aria-label")).toBe("temperature");
  });
});
