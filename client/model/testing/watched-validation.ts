/** What WebGPU's validation layer finds in the tests of a file fails them, also where no error scope would hear of it. */
import { afterAll, beforeAll, expect } from "vitest";
import { sharedDevice } from "../webgpu/device.ts";

/** Called once in a file, before its own hooks. */
export function watchValidation(): void {
  const invalid: string[] = [];
  beforeAll(async () => {
    const device = await sharedDevice();
    device.addEventListener("uncapturederror", ({ error }) => invalid.push(error.message));
  });
  afterAll(() => expect(invalid).toEqual([]));
}
