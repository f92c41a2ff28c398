/**
 * The least that a token can cost on the CPU: its weights, read once. A WASM loop adds 64 bytes a turn in two
 * accumulators of 128 bits, which on the machines at hand is as fast as memory gives.
 */
import { assert } from "#base/assert.ts";

/**
 * The module below, in binary (made by binaryen's `parseText`):
 *
 *     (import "" "memory" (memory 1 65536))
 *     (func (export "sum") (param $at i32) (param $end i32) (result i32) (local $a v128) (local $b v128)
 *       (loop $next  ;; $a += load(at) + load(at + 16); $b += load(at + 32) + load(at + 48); at += 64
 *         ... (br_if $next (i32.lt_u (local.tee $at ...) (local.get $end))))
 *       (i32x4.extract_lane 0 (i32x4.add (local.get $a) (local.get $b))))
 */
const MODULE =
  "AGFzbQEAAAABBwFgAn9/AX8CDwEABm1lbW9yeQIBAYCABAMCAQAHBwEDc3VtAAAKTAFKAQJ7A0AgAiAA/QAEACAA/QAEEP2uAf2uASECIAMg" +
  "AP0ABCAgAP0ABDD9rgH9rgEhAyAAQcAAaiIAIAFJDQALIAIgA/2uAf0bAAs=";

const PAGE = 65_536;

/** Reads `bytes` bytes at every call of what it returns. */
export async function cpuRead(bytes: number): Promise<() => Promise<void>> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: 65_536 });
  // Pages that nobody wrote share one page of zeros, which would be read from the cache.
  new Int32Array(memory.buffer).fill(1);
  const module = Uint8Array.from(atob(MODULE), (letter) => letter.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(module, { "": { memory } });
  const sum = instance.exports.sum as (at: number, end: number) => number;
  const end = 64 * Math.floor(bytes / 64);
  return async () => assert(sum(0, end) === end / 16, "a wrong sum: the reading was not done");
}
