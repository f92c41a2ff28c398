/**
 * The impulse response of the room all instruments share: made from seeded noise, so that live and
 * offline, page and Node have the very same one (Tone.Reverb's is random). A few early reflections
 * left and right, then a diffuse tail whose treble dies first (J. A. Moorer, "About this
 * reverberation business", CMJ 3(2), 1979), without bass, which would only blur the band.
 */
import { Random } from "#base/random.ts";

const SEED = 1979;
const SECONDS = 2.3;
const PREDELAY = 0.016; // seconds
const BUILD_UP = 0.03; // until the tail is dense
const DECAY_60 = 1.9; // seconds until the middle is 60 dB down
const BRIGHT = 9000; // low-pass of the tail at its beginning, hertz
const DARK = 1500; // and at its end
const HIGH_PASS = 220;
const ENERGY = 1; // of each channel's response

/** Early reflections: seconds after the direct sound, gain left, gain right. */
const REFLECTIONS = [
  [0.0113, 0.32, 0.1],
  [0.0171, 0.08, 0.3],
  [0.0237, 0.24, 0.12],
  [0.0299, 0.1, 0.22],
  [0.0371, 0.16, 0.15],
  [0.0457, 0.09, 0.14],
] as const;

/** Left and right impulse response at `sampleRate`, of unit energy each, 2.3 s long. */
export function roomImpulse(
  sampleRate: number,
): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  return [0, 1].map((channel) => {
    const response = tail(sampleRate, new Random(SEED, channel));
    for (const [time, ...gains] of REFLECTIONS) {
      response[Math.round((PREDELAY + time) * sampleRate)] += gains[channel] * 2;
    }
    let energy = 0;
    for (const sample of response) energy += sample * sample;
    const scale = Math.sqrt(ENERGY / energy);
    return response.map((sample) => sample * scale);
  }) as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
}

/** Noise through a low-pass that closes with time and a fixed high-pass, under the envelope. */
function tail(sampleRate: number, random: Random): Float32Array<ArrayBuffer> {
  const length = Math.round(SECONDS * sampleRate);
  const response = new Float32Array(length);
  const first = Math.round((PREDELAY + 0.008) * sampleRate);
  const high = 1 - Math.exp((-2 * Math.PI * HIGH_PASS) / sampleRate);
  let [low1, low2, bass] = [0, 0, 0];
  for (let frame = first; frame < length; frame++) {
    const time = (frame - first) / sampleRate;
    const cutoff = DARK + (BRIGHT - DARK) * Math.exp(-time / 0.45);
    const pass = 1 - Math.exp((-2 * Math.PI * cutoff) / sampleRate);
    low1 += pass * (2 * random.at(frame) - 1 - low1);
    low2 += pass * (low1 - low2);
    bass += high * (low2 - bass);
    const rise = Math.min(1, time / BUILD_UP);
    const fade = Math.min(1, (length - frame) / (0.2 * sampleRate));
    response[frame] = (low2 - bass) * rise * fade * 10 ** ((-3 * time) / DECAY_60);
  }
  return response;
}

/** How long the room rings after the last sound, seconds. */
export const ROOM_TAIL = SECONDS;
