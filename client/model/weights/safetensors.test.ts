import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { float16ToNumber, widenFloat16 } from "./float16.ts";
import { parseSafetensors } from "./safetensors.ts";

const encode = (header: unknown, data: Uint8Array, headerLength?: bigint): Uint8Array => {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, headerLength ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
};
const two = {
  __metadata__: { made: "for this test" },
  a: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  b: { dtype: "F16", shape: [4], data_offsets: [24, 32] },
};
const data = Uint8Array.from({ length: 32 }, (_, i) => i);

describe("parseSafetensors", () => {
  it("gives each tensor its name, type, shape and bytes", () => {
    const [a, b, ...rest] = parseSafetensors(encode(two, data), "x");
    expect(a).toMatchObject({ name: "a", dtype: "F32", shape: [2, 3] });
    expect([...a.bytes]).toEqual([...data.subarray(0, 24)]);
    expect([...b.bytes]).toEqual([...data.subarray(24)]);
    expect(rest).toEqual([]);
  });

  const entry = (change: object) => ({ ...two, b: { ...two.b, ...change } });
  it.each([
    ["an empty file", new Uint8Array(0), /only 0 bytes/],
    ["a header longer than the file", encode(two, data, 10_000n), /claims 10000 bytes/],
    ["a header of 2^63 bytes", encode(two, data, 1n << 63n), /claims 9223372036854775808/],
    ["a web page", new TextEncoder().encode("<!doctype html><html></html>"), /claims/],
    ["a header that is not JSON", encode("{nonsense", data), /not JSON/],
    ["a header that is a list", encode([], data), /not an object/],
    ["an unknown type", encode(entry({ dtype: "Q4" }), data), /"b" has the type "Q4"/],
    ["a type named like a method", encode(entry({ dtype: "toString" }), data), /the type/],
    ["a negative shape", encode(entry({ shape: [-4] }), data), /valid shape/],
    ["a shape that overflows", encode(entry({ shape: [2 ** 40, 2 ** 40] }), data), /needs/],
    [
      "a range past the end",
      encode(entry({ shape: [8], data_offsets: [24, 40] }), data),
      /ends at/,
    ],
    ["a backward range", encode(entry({ data_offsets: [32, 24] }), data), /takes -8 bytes/],
    ["an overlap", encode(entry({ data_offsets: [20, 28] }), data), /expected 24/],
    ["a hole", encode({ b: two.b }, data), /"b" starts at byte 24, expected 0/],
    ["data that no tensor claims", encode({ a: two.a }, data), /cover 24 of 32/],
  ])("refuses %s", (_, file, message) => {
    expect(() => parseSafetensors(file, "shard")).toThrow(Failure);
    expect(() => parseSafetensors(file, "shard")).toThrow(message);
  });

  it("refuses every truncation, and survives any flipped byte with an answer or a Failure", () => {
    const file = encode(two, data);
    for (let length = 0; length < file.length; length++)
      expect(() => parseSafetensors(file.subarray(0, length), "cut")).toThrow(Failure);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = file.slice();
        broken[at] ^= flip;
        try {
          parseSafetensors(broken, "flipped");
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

describe("float16", () => {
  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3c00, 1],
    [0x3555, 0.333251953125],
    [0xc000, -2],
    [0x7bff, 65504],
    [0xfc00, Number.NEGATIVE_INFINITY],
  ])("0x%s is %d", (bits, value) => {
    expect(float16ToNumber(bits)).toBe(value);
    expect(widenFloat16(Uint16Array.of(bits))[0]).toBe(value);
  });

  it("keeps NaN", () => expect(float16ToNumber(0x7e00)).toBeNaN());
});
