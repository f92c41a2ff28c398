/**
 * WebGPU in Node through Dawn (npm `webgpu`): on the machine's GPU where Vulkan, Metal or Direct3D finds one,
 * else on the SwiftShader that comes with Chromium.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "#base/failure.ts";
import type { DecodePlan, ModelReport, PlaceReport } from "./decode-plan.ts";
import { measureModel } from "./measure.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { nameAdapter } from "./name-adapter.ts";

const EMULATED =
  "WebGPU is emulated in Node by what emulates it in Chromium; name decoders to measure it here too.";
const ICD = "vk_swiftshader_icd.json";

/** Runs the plans in this process. @throws Failure "unsupported" where there is neither a GPU nor SwiftShader. */
export async function runInNode(
  plans: readonly DecodePlan[],
  chromiumPath: string | undefined,
  progress: (line: string) => void,
): Promise<PlaceReport> {
  const adapter = await provideWebgpu(chromiumPath);
  progress(`node: ${adapter}`);
  const memory = new MemoryWatch();
  const models: ModelReport[] = [];
  const emulated = /swiftshader|llvmpipe/i.test(adapter);
  for (const plan of plans)
    models.push(
      await measureModel(
        plan.isDefault && emulated ? { ...plan, noGpu: EMULATED } : plan,
        memory,
        progress,
      ),
    );
  return { place: "node", adapter, models };
}

async function provideWebgpu(chromiumPath: string | undefined): Promise<string> {
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
  if (driver !== undefined) {
    process.env.VK_DRIVER_FILES = driver;
    const emulated = await attempt();
    if (emulated !== undefined) return emulated;
  }
  throw new Failure(
    "unsupported",
    "Node finds no GPU, and no SwiftShader beside Chromium; install Chromium, or name a driver in VK_DRIVER_FILES.",
  );
}

function findSwiftShader(chromiumPath: string | undefined): string | undefined {
  const folders = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];
  if (chromiumPath !== undefined) folders.unshift(dirname(realpathSync(chromiumPath)));
  return folders.map((folder) => join(folder, ICD)).find((path) => existsSync(path));
}
