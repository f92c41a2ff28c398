/**
 * Bytes of WebGPU buffers and of WASM memories, whoever asks for them: stands in for the calls of the whole realm
 * that make them, so that libraries which tell nothing of themselves are measured like our own code.
 */

/** What was alive at one moment. */
export interface MemoryUse {
  readonly deviceBytes: number;
  readonly wasmBytes: number;
  /** JavaScript's heap, what is garbage included; undefined where nothing tells. */
  readonly heapBytes: number | undefined;
}

/** Counts from here on. Install once, before what is to be counted is loaded. */
export class MemoryWatch {
  #deviceBytes = 0;
  readonly #memories = new Set<WebAssembly.Memory>();
  readonly #alive = new WeakMap<GPUBuffer, number>();

  /** Begins to watch. */
  constructor() {
    if (globalThis.GPUDevice) this.#watchBuffers();
    this.#watchWasm();
  }

  /** Bytes alive now. Memories of WASM stay counted: they cannot shrink, and their modules stay loaded. */
  get use(): MemoryUse {
    let wasmBytes = 0;
    for (const { buffer } of this.#memories) wasmBytes += buffer.byteLength;
    return { deviceBytes: this.#deviceBytes, wasmBytes, heapBytes: heapBytes() };
  }

  #watchBuffers(): void {
    const made = (buffer: GPUBuffer) => {
      this.#alive.set(buffer, buffer.size);
      this.#deviceBytes += buffer.size;
      return buffer;
    };
    const gone = (buffer: GPUBuffer) => {
      this.#deviceBytes -= this.#alive.get(buffer) ?? 0;
      this.#alive.delete(buffer);
    };
    const { createBuffer } = GPUDevice.prototype;
    const { destroy } = GPUBuffer.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      return made(createBuffer.call(this, descriptor));
    };
    GPUBuffer.prototype.destroy = function () {
      gone(this);
      return destroy.call(this);
    };
  }

  #watchWasm(): void {
    const keep = (memory: unknown) => {
      if (memory instanceof WebAssembly.Memory) this.#memories.add(memory);
    };
    const keepExports = ({ exports }: WebAssembly.Instance) => Object.values(exports).forEach(keep);
    const { Memory, instantiate, instantiateStreaming } = WebAssembly;
    WebAssembly.Memory = new Proxy(Memory, {
      construct(target, [descriptor]) {
        const memory = new target(descriptor as WebAssembly.MemoryDescriptor);
        keep(memory);
        return memory;
      },
    });
    const watched =
      (work: (...args: never[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>) =>
      async (...args: never[]) => {
        const result: WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance = await work(
          ...args,
        );
        keepExports("instance" in result ? result.instance : result);
        return result;
      };
    Object.assign(WebAssembly, {
      instantiate: watched(instantiate),
      ...(instantiateStreaming && { instantiateStreaming: watched(instantiateStreaming) }),
    });
  }
}

/** Chromium tells through an interface of its own, Node through its process. */
function heapBytes(): number | undefined {
  if (typeof document === "undefined") return process.memoryUsage().heapUsed;
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  return memory?.usedJSHeapSize;
}
