import { expect, it } from "vitest";
import { httpSource } from "../byte-source.ts";
import { decoderContract } from "../decoder-contract.ts";
import { QuantisedReference } from "../reference/quantised-reference.ts";
import { INT8_RELATIVE_ERROR } from "../tolerances.ts";
import { FINGERPRINT, fingerprint } from "./testing/fingerprint.ts";
import { createWasmDecoder } from "./wasm-decoder.ts";

decoderContract(
  "own wasm in Chromium",
  createWasmDecoder,
  (folder) => httpSource(`/client/model/testdata/${folder}`),
  {
    tolerance: INT8_RELATIVE_ERROR,
    oracle: (weights, prefixLength) => new QuantisedReference(weights, prefixLength),
  },
);

it("own wasm computes in Chromium what it computes in Node, to the bit", async () => {
  expect(await fingerprint()).toBe(FINGERPRINT);
});
