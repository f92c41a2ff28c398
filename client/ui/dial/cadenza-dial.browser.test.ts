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
    expect(values).toEqual([0.95, 1, 0.95, 1.5, 0.1]);
  });

  it("turns finely with Shift, and back to its usual value by Delete", async () => {
    const { find, values } = await dialOf();
    find("input").focus();
    await userEvent.keyboard("{Shift>}{ArrowUp}{ArrowDown}{ArrowDown}{/Shift}{Delete}");
    expect(values).toEqual([0.91, 0.9, 0.89, 0.95]);
  });

  it("turns by the wheel, finely with Shift, but not by a wheel that scrolls past", async () => {
    const { find, values } = await dialOf();
    const wheel = (deltaY: number, shiftKey = false) =>
      new WheelEvent("wheel", {
        deltaY,
        shiftKey,
        bubbles: true,
        composed: true,
        cancelable: true,
      });
    const rest = () => new Promise((resolve) => setTimeout(resolve, 300));
    await rest();
    find(".face").dispatchEvent(wheel(-100));
    find(".face").dispatchEvent(wheel(120, true));
    expect(values).toEqual([0.95, 0.94]);
    await rest();
    document.body.dispatchEvent(wheel(100));
    const passing = wheel(100);
    find(".face").dispatchEvent(passing);
    expect(passing.defaultPrevented).toBe(false);
    expect(values).toHaveLength(2);
  });

  it("takes a typed value, and gives it up by Escape", async () => {
    const { find, values, element, rendered } = await dialOf();
    find("input").focus();
    await userEvent.keyboard("1");
    await rendered();
    await userEvent.keyboard(".25{Enter}");
    await rendered();
    expect(values).toEqual([1.25]);
    expect(find("input").matches(":focus")).toBe(true);
    await userEvent.keyboard("{Enter}");
    await rendered();
    await userEvent.keyboard("abc{Enter}");
    expect(find(".typed").getAttribute("aria-invalid")).toBe("true");
    await userEvent.keyboard("{Escape}");
    await rendered();
    expect(element.shadowRoot!.querySelector(".typed")).toBeNull();
    expect(values).toEqual([1.25]);
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
