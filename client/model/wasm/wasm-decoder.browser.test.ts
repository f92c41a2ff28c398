import { expect, it } from "vitest";
import { decoderContract, GOLDEN_ARCHITECTURES } from "#model/testing/decoder-contract.ts";
import { INT8_RELATIVE_ERROR } from "#model/testing/tolerances.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import { QuantisedReference } from "../reference/quantised-reference.ts";
import { FINGERPRINT, fingerprint } from "./testing/fingerprint.ts";
import { createWasmDecoder } from "./wasm-decoder.ts";

decoderContract(
  "own wasm in Chromium",
  createWasmDecoder,
  (folder) => httpSource(`/client/model/testdata/${folder}`),
  {
    tolerance: INT8_RELATIVE_ERROR,
    oracle: (weights, prefixLength) => new QuantisedReference(weights, prefixLength),
    // The same binary as in Node, where it is held against all (wasm-decoder.test.ts), and to the bit below.
    folders: GOLDEN_ARCHITECTURES,
  },
);

it("own wasm computes in Chromium what it computes in Node, to the bit", async () => {
  expect(await fingerprint()).toBe(FINGERPRINT);
});
