/** Takes away the GPU devices of the realm that imports it, when a test says so on a channel. */

/** What a test says: `lose` ends every device; `forbid` does too, and lets none be opened again. */
export type TheftOrder = "lose" | "forbid";

/** Name of the channel. */
export const THEFT_CHANNEL = "cadenza-device-thief";

const devices: GPUDevice[] = [];
let forbidden = false;

const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  const device = await requestDevice.call(this, descriptor);
  devices.push(device);
  return device;
};
const { requestAdapter } = GPU.prototype;
GPU.prototype.requestAdapter = function (options) {
  return forbidden ? Promise.resolve(null) : requestAdapter.call(this, options);
};

new BroadcastChannel(THEFT_CHANNEL).onmessage = ({ data }: MessageEvent<TheftOrder>) => {
  forbidden ||= data === "forbid";
  for (const device of devices.splice(0)) device.destroy();
};
