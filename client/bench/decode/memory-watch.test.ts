import { describe, expect, it } from "vitest";
import { MemoryWatch } from "./memory-watch.ts";

describe("memory watch", () => {
  it("sees memories of WASM that are made, exported or grown, and nothing else", async () => {
    const watch = new MemoryWatch();
    const before = watch.use.wasmBytes;
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 5 });
    expect(memory).toBeInstanceOf(WebAssembly.Memory);
    expect(watch.use.wasmBytes - before).toBe(2 * 65_536);
    memory.grow(3);
    expect(watch.use.wasmBytes - before).toBe(5 * 65_536);
    // (module (memory (export "m") 4))
    const module = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 4, 7, 5, 1, 1, 109, 2, 0);
    await WebAssembly.instantiate(module);
    expect(watch.use.wasmBytes - before).toBe(9 * 65_536);
    expect(watch.use.deviceBytes).toBe(0);
  });
});
