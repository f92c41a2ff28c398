/** The buffers that a device makes from now on and has not destroyed. @param alive where they are added, of several devices */
export function countedBuffers(
  device: GPUDevice,
  alive = new Set<GPUBuffer>(),
): ReadonlySet<GPUBuffer> {
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.delete(buffer);
      destroy();
    };
    alive.add(buffer);
    return buffer;
  };
  return alive;
}
