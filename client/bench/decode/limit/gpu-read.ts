/**
 * The least that a token can cost on the GPU: its weights read once by a kernel that does nothing else, and one
 * number brought back. Invocations that stand side by side read side by side, 16 bytes each.
 */
import { assert } from "#base/assert.ts";

const WORKGROUP = 64;
/** Workgroups: enough for every core of a large GPU several times, few enough that starting them costs nothing. */
const WORKGROUPS = 1024;
/** Bytes of one buffer: under what every adapter can bind. */
const LARGEST = 64 * 1024 * 1024;

const SHADER = `
@group(0) @binding(0) var<storage, read> data: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = vec4u(0u);
  let size = arrayLength(&data);
  for (var at = id.x; at < size; at += ${WORKGROUP * WORKGROUPS}u) { sum += data[at]; }
  sums[id.x] += sum.x + sum.y + sum.z + sum.w;
}`;

/** Reads `bytes` bytes at every call of `read`. */
export interface GpuRead {
  read(): Promise<void>;
  dispose(): void;
}

/** @param bytes rounded up to 16. */
export async function gpuRead(device: GPUDevice, bytes: number): Promise<GpuRead> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffers: GPUBuffer[] = [];
  const make = (size: number, usage: number) => {
    const buffer = device.createBuffer({ size, usage });
    buffers.push(buffer);
    return buffer;
  };
  const module = device.createShaderModule({ code: SHADER });
  const compute = { module, entryPoint: "main" };
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute });
  const sums = make(4 * WORKGROUP * WORKGROUPS, STORAGE | COPY_SRC);
  const result = make(4, MAP_READ | COPY_DST);
  const groups: GPUBindGroup[] = [];
  for (let left = 16 * Math.ceil(bytes / 16); left > 0; left -= LARGEST) {
    const data = make(Math.min(left, LARGEST), STORAGE | COPY_DST);
    device.queue.writeBuffer(data, 0, new Uint32Array(data.size / 4).fill(1));
    const entries = [data, sums].map((buffer, binding) => ({ binding, resource: { buffer } }));
    groups.push(device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  }
  let before = 0;
  const read = async () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (const group of groups) {
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(WORKGROUPS);
    }
    pass.end();
    encoder.copyBufferToBuffer(sums, 0, result, 0, 4);
    device.queue.submit([encoder.finish()]);
    await result.mapAsync(GPUMapMode.READ);
    const [sum] = new Uint32Array(result.getMappedRange());
    result.unmap();
    assert(sum > before, "a wrong sum: the reading was not done");
    before = sum;
  };
  return {
    read,
    dispose: () => {
      for (const buffer of buffers) buffer.destroy();
    },
  };
}
