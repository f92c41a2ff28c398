/** The name of a WebGPU adapter, for people. */
export function nameAdapter({ info }: GPUAdapter): string {
  const { vendor, architecture, device, description } = info;
  return [...new Set([vendor, architecture, device, description])].filter(Boolean).join(" ");
}
