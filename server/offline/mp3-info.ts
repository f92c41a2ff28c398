/**
 * The frame before an MP3's sound that says how the rest is to be read: how many frames there are, and how many samples
 * at the start and the end are the encoder's own and not music. By it players know the exact length and begin at the
 * first sample. Layout: "Mp3 Info Tag revision 1 specifications", G. Bouvigne; the frame itself decodes to silence.
 */

import { assert } from "#base/assert.ts";
import { ascii, uint } from "./bytes.ts";

/** Samples that one frame of MPEG-1 layer III holds. */
const FRAME_SAMPLES = 1152;

/** Samples of silence that LAME puts before the first of its input. */
const ENCODER_DELAY = 576;
/** Samples that every decoder adds of itself; the padding must outlast them. */
const DECODER_DELAY = 529;

const KILOBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES = [44_100, 48_000, 32_000];

/** Bytes of a frame's header and, in stereo, of its side information; the tag stands behind them. */
const HEADER = 4;
const SIDE = 32;
const CONSTANT_RATE = 1;
const JOINT_STEREO = 3;

/** Where the frames of a stream of one bit rate in stereo begin, ended by the stream's length. */
function framesOf(stream: Uint8Array): number[] {
  const starts = [0];
  for (let at = 0; at < stream.length; ) {
    at += frameBytes(stream.subarray(at, at + HEADER));
    starts.push(at);
  }
  assert(starts.at(-1) === stream.length, "the stream of MP3 frames ends within one");
  return starts;
}

/** Length of a frame by its header (ISO 11172-3, 2.4.2.3). */
function frameBytes(header: Uint8Array): number {
  const [sync, version, rates] = header;
  const isLayer3 = sync === 0xff && (version & 0xfe) === 0xfa;
  assert(isLayer3, `an MP3 frame begins with ${[...header].join(" ")}`);
  const bitRate = 1000 * KILOBITS[rates >> 4];
  return Math.floor((144 * bitRate) / RATES[(rates >> 2) & 3]) + ((rates >> 1) & 1);
}

/**
 * The frame to stand before `stream`, which LAME made at a constant rate of bits.
 * @param samples length of the music, in samples
 */
export function infoFrame(stream: Uint8Array, samples: number): Uint8Array {
  const starts = framesOf(stream);
  const frames = starts.length - 1;
  const padding = frames * FRAME_SAMPLES - ENCODER_DELAY - samples;
  assert(padding >= DECODER_DELAY && padding < 4096, `${padding} samples of padding`);
  const header = stream.slice(0, HEADER);
  header[1] |= 1; // without a checksum
  header[2] &= ~2; // without a padding byte
  const frame = new Uint8Array(frameBytes(header));
  frame.set(header);
  const bytes = frame.length + stream.length;
  const toc = Array.from({ length: 100 }, (_, percent) => {
    const start = starts[Math.floor((percent * frames) / 100)];
    return Math.floor((256 * (frame.length + start)) / bytes);
  });
  const tag = [
    ...ascii("Info"),
    ...uint(0b1111, 4), // frames, bytes, contents and quality follow
    ...uint(frames, 4),
    ...uint(bytes, 4),
    ...toc,
    ...uint(0, 4), // quality: not told
    ...ascii("LAME3.100"),
    CONSTANT_RATE,
    0, // lowpass: not told
    ...uint(0, 8), // loudness: not told
    0,
    KILOBITS[header[2] >> 4],
    ...uint((ENCODER_DELAY << 12) | padding, 3),
    (sourceRate(header) << 6) | (JOINT_STEREO << 2),
    0,
    ...uint(0, 2), // preset: none
    ...uint(bytes, 4),
    ...uint(checksum(stream), 2),
  ];
  frame.set(tag, HEADER + SIDE);
  const end = HEADER + SIDE + tag.length;
  frame.set(uint(checksum(frame.subarray(0, end)), 2), end);
  return frame;
}

/** The tag's own code of rates: up to 32 kHz, 44.1, 48. */
const sourceRate = (header: Uint8Array): number => [1, 2, 0][(header[2] >> 2) & 3];

const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >> 1) ^ 0xa001 : rest >> 1;
  return rest;
});

/** CRC-16 with the polynomial 0x8005, reflected, from 0. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >> 8) ^ CRC[(crc ^ byte) & 255];
  return crc;
}
