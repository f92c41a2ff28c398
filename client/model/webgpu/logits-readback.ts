/**
 * Brings logits to the CPU through one staging buffer that lives as long as the decoder. A lost device rejects
 * a wait that is under way, so that no caller hangs.
 */
import { DeviceLost } from "./device.ts";
import type { DeviceMemory } from "./device-memory.ts";

/** One reader; not re-entrant. */
export class LogitsReadback {
  readonly #staging: GPUBuffer;
  readonly #values: Float32Array;
  #lost: DeviceLost | undefined;
  #giveUp: ((reason: DeviceLost) => void) | undefined;

  /** @param size numbers to read. */
  constructor(memory: DeviceMemory, size: number) {
    this.#staging = memory.staging(size);
    this.#values = new Float32Array(size);
    void memory.device.lost.then(({ message, reason }) => {
      this.#lost = new DeviceLost(message || reason);
      this.#giveUp?.(this.#lost);
    });
  }

  /** Throws `DeviceLost` if the device is known to be gone. */
  assertAlive(): void {
    if (this.#lost) throw this.#lost;
  }

  /** Records the copy from `source`, which comes last in a command buffer. */
  copy(encoder: GPUCommandEncoder, source: GPUBuffer): void {
    encoder.copyBufferToBuffer(source, 0, this.#staging, 0, this.#staging.size);
  }

  /** What was copied, once the device is there; the same array every time. @throws DeviceLost */
  async read(): Promise<Float32Array> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#giveUp = reject;
        this.#staging.mapAsync(GPUMapMode.READ).then(resolve, reject);
      });
    } catch (cause) {
      throw cause instanceof DeviceLost ? cause : new DeviceLost("it does not answer", { cause });
    } finally {
      this.#giveUp = undefined;
    }
    this.#values.set(new Float32Array(this.#staging.getMappedRange()));
    this.#staging.unmap();
    return this.#values;
  }
}
