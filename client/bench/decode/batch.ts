/** A batch of sequences against one, both on the same decoder and from the same past, taking turns. */
import type { WebgpuDecoder } from "#model/webgpu/webgpu-decoder.ts";
import type { BatchReport, ModelName } from "./decode-plan.ts";
import { type Turns, takeTurns } from "./spread.ts";

const SEQUENCES = 4;

/** Measures from where the decoder is, and leaves it there. @param name of the decoder, for the report. */
export async function measureBatch(
  name: string,
  model: ModelName,
  decoder: WebgpuDecoder,
  turns: Turns,
): Promise<BatchReport> {
  const batch = await decoder.batch(SEQUENCES);
  const { position } = decoder;
  const tokens = Array.from({ length: SEQUENCES }, (_, i) => 100 * (i + 1));
  const stepTogether = async () => {
    await batch.decodeStep(tokens);
    batch.truncate(position);
  };
  const stepOne = async () => {
    await decoder.decodeStep(tokens[0]);
    decoder.truncate(position);
  };
  const [together, one] = await takeTurns([stepTogether, stepOne], turns);
  batch.dispose();
  return { decoder: name, model, sequences: SEQUENCES, together, one };
}
