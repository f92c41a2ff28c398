/**
 * The second visit: from an open page to the first token of the shipped model, its weights in the browser's cache,
 * by the instrument's own loader and choice of kernels. For pages alone; Node keeps no such cache.
 */
import { assert } from "#base/assert.ts";
import { openDecoder } from "#model/open-decoder.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import { keptBytes } from "#store/kept-bytes.ts";
import { keptTexts } from "#store/kept-texts.ts";
import { type FirstTokenReport, PREFIX_LENGTH } from "./decode-plan.ts";

const BACKENDS = ["webgpu", "wasm"] as const;
const VISITS = 5;

/** Times `VISITS` visits for each backend that runs here. @param url of the model's folder */
export async function measureFirstTokens(url: string): Promise<FirstTokenReport[]> {
  const fetched: string[] = [];
  const source = httpSource(url, (address, init) => {
    fetched.push(address);
    return fetch(address, init);
  });
  const keep = (id: string) => keptBytes(`model-${id}`);
  const shapes = keptTexts("kernel-shapes");
  const { manifest } = await loadModel(source, { keep });
  const reports: FirstTokenReport[] = [];
  for (const backend of BACKENDS) {
    const times: { load: number; firstToken: number }[] = [];
    for (let visit = 0; visit < VISITS; visit++) {
      fetched.length = 0;
      const start = performance.now();
      const { weights } = await loadModel(source, { keep });
      const load = performance.now() - start;
      assert(fetched.length === 1, `${fetched.join()}: weights were to come from the cache`);
      const options = { prefer: backend, prefixLength: PREFIX_LENGTH, ...(shapes && { shapes }) };
      const { decoder } = await openDecoder(weights, options);
      await decoder.prefill(Array.from({ length: PREFIX_LENGTH }, (_, i) => i));
      const firstToken = performance.now() - start;
      if (decoder.backend === backend) times.push({ load, firstToken });
      decoder.dispose();
    }
    if (times.length === 0) continue;
    times.sort((a, b) => a.firstToken - b.firstToken);
    reports.push({ backend, model: manifest.id, ...times[times.length >> 1] });
  }
  return reports;
}
