/**
 * WebGPU in Node through Dawn (npm `webgpu`): on the machine's GPU where Vulkan, Metal or Direct3D finds one,
 * else on the SwiftShader that comes with Chromium.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DecodePlan, ModelReport, PlaceReport } from "./decode-plan.ts";
import { measureModel } from "./measure.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { nameAdapter } from "./name-adapter.ts";

const EMULATED =
  "WebGPU is emulated in Node by what emulates it in Chromium; name decoders to measure it here too.";
const NONE =
  "Node finds no GPU, and no SwiftShader to emulate one; install Chromium and Vulkan's loader (Debian: libvulkan1), or name a driver in VK_DRIVER_FILES.";
const ICD = "vk_swiftshader_icd.json";

/** Runs the plans in this process; without WebGPU on the CPU alone. */
export async function runInNode(
  plans: readonly DecodePlan[],
  chromiumPath: string | undefined,
  progress: (line: string) => void,
): Promise<PlaceReport> {
  const adapter = await provideWebgpu(chromiumPath);
  progress(`node: ${adapter ?? "no WebGPU"}`);
  const memory = new MemoryWatch();
  const models: ModelReport[] = [];
  for (const plan of plans) {
    const noGpu = whyNoGpu(adapter, plan);
    models.push(await measureModel({ ...plan, ...(noGpu && { noGpu }) }, memory, progress));
  }
  return { place: "node", adapter: adapter ?? "no WebGPU", models };
}

function whyNoGpu(adapter: string | undefined, { isDefault }: DecodePlan): string | undefined {
  if (adapter === undefined) return NONE;
  return isDefault && /swiftshader|llvmpipe/i.test(adapter) ? EMULATED : undefined;
}

/** Gives this process a `navigator.gpu`; the adapter's name, or undefined where there is none. */
async function provideWebgpu(chromiumPath: string | undefined): Promise<string | undefined> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  const attempt = async () => {
    const gpu = create([]);
    const adapter = await gpu.requestAdapter();
    if (!adapter) return undefined;
    Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
    return nameAdapter(adapter);
  };
  const found = await attempt();
  if (found !== undefined) return found;
  const driver = findSwiftShader(chromiumPath);
  if (driver === undefined) return undefined;
  process.env.VK_DRIVER_FILES = driver;
  return attempt();
}

function findSwiftShader(chromiumPath: string | undefined): string | undefined {
  const folders = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];
  if (chromiumPath !== undefined) folders.unshift(dirname(realpathSync(chromiumPath)));
  return folders.map((folder) => join(folder, ICD)).find((path) => existsSync(path));
}
