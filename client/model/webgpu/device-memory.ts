/**
 * The buffers of one decoder: made once, counted, freed together. Running out of memory is the outside world
 * (`Failure`); a buffer that fails validation is our own mistake.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";

/** Owns buffers on one device. */
export class DeviceMemory {
  readonly device: GPUDevice;
  readonly #buffers: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** Bytes of all buffers. */
  get bytes(): number {
    return this.#buffers.reduce((sum, buffer) => sum + buffer.size, 0);
  }

  /** A buffer of zeros that kernels and the queue may write, `floats` numbers of 4 bytes. */
  storage(floats: number): GPUBuffer {
    const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
    return this.#keep({ size: 4 * floats, usage: STORAGE | COPY_DST | COPY_SRC });
  }

  /** A buffer that kernels only read, filled by `fill`, which is handed zeros. */
  constant(floats: number, fill: (target: Float32Array) => void): GPUBuffer {
    return this.constantBytes(4 * floats, (target) => fill(new Float32Array(target)));
  }

  /** The same by bytes, a multiple of 4. */
  constantBytes(bytes: number, fill: (target: ArrayBuffer) => void): GPUBuffer {
    const buffer = this.#keep({
      size: bytes,
      usage: GPUBufferUsage.STORAGE,
      mappedAtCreation: true,
    });
    fill(buffer.getMappedRange());
    buffer.unmap();
    return buffer;
  }

  /** A buffer that the CPU reads, `floats` numbers. */
  staging(floats: number): GPUBuffer {
    return this.#keep({
      size: 4 * floats,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  /** Frees everything. */
  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.length = 0;
  }

  #keep(descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = this.device.createBuffer(descriptor);
    this.#buffers.push(buffer);
    return buffer;
  }
}

/**
 * Runs `make`, which creates things on the device, and waits until the device has accepted them.
 * @throws Failure "unavailable" when it is out of memory; AssertionError when a call was invalid.
 */
export async function accepted<T>(device: GPUDevice, make: () => T | Promise<T>): Promise<T> {
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  // Both scopes must be popped before anything is awaited, or they would catch the errors of others.
  let made: T | Promise<T>;
  let scopes: [Promise<GPUError | null>, Promise<GPUError | null>];
  try {
    made = make();
  } catch (cause) {
    // What a browser throws for a buffer that it cannot map at its creation.
    throw cause instanceof RangeError ? outOfMemory(cause) : cause;
  } finally {
    scopes = [device.popErrorScope(), device.popErrorScope()];
  }
  const [memory, validation] = await Promise.all(scopes);
  if (memory) throw outOfMemory(memory.message);
  assert(validation === null, `the GPU refuses our call: ${validation?.message}`);
  return made;
}

function outOfMemory(cause: unknown): Failure {
  return new Failure(
    "unavailable",
    "The GPU has not enough memory for this model; close other tabs, or use the CPU backend.",
    { cause },
  );
}
