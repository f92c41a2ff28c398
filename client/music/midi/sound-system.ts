/**
 * What system exclusive messages make of channels in the dialects of General MIDI: melody, drums, or sound
 * effects, and how loud.
 * Channel 10 holds the drums unless told otherwise. Roland GS makes a part rhythm or not by a
 * system exclusive message ("use for rhythm part", 40 1n 15); Yamaha XG by bank 127 (drums) and
 * 126 or 64 (effects) or by its part mode (08 nn 07); General MIDI 2 by banks 120 and 121.
 * A bank counts from the program change after it. Bank 0 leaves channel 10 its drums, as files mean it.
 * The volume over all channels of a port is set by a universal message (04 01), GS (40 00 04) or XG (00 00 04), that of
 * one channel, as by controller 7, by GS (40 1n 19) or XG (08 nn 0B). Volumes count in 128 steps, as machines
 * take them. Sources: MIDI 1.0 detailed specification, Roland SC-88 owner's manual, Yamaha XG
 * specification 1.35, MMA General MIDI 2 (RP-024).
 */
import { DRUM_CHANNEL } from "#music/instrument.ts";
import type { ChannelRole } from "./midi-song.ts";

/** A dialect, as a reset message names it. */
export type SoundSystem = "gm" | "gs" | "xg" | "gm2";

/** A volume that takes nothing away: the master volume's from a reset on. */
export const FULL_VOLUME = 127;

/** What a system exclusive message says about channels. Volumes are 0-127. */
export type SystemChange =
  | { readonly system: SoundSystem }
  | { readonly masterVolume: number }
  | { readonly channel: number; readonly volume: number }
  | { readonly channel: number; readonly rhythm: boolean };

/**
 * Programs at bank 127 that are drum kits in files that name no system. Without its reset such a
 * file may be XG's, or mean the MT-32 tones that GS keeps at this bank; of the training music's,
 * these programs were drums and all others melodies.
 */
const LIKELY_KITS: ReadonlySet<number | undefined> = new Set([0, 1, 16, 24, 25, 32, 40, 48]);

/** GS part numbers in address order: 0 is the part of channel 10. */
const gsChannel = (block: number): number =>
  block === 0 ? DRUM_CHANNEL : block <= DRUM_CHANNEL ? block - 1 : block;

/** Undefined where the message ends before its value, here and below. */
const masterVolumeOf = (value: number): SystemChange | undefined =>
  value < 128 ? { masterVolume: value } : undefined;

const volumeOf = (channel: number, value: number): SystemChange | undefined =>
  value < 128 ? { channel, volume: value } : undefined;

/** Reads a system exclusive message, without its F0; undefined where it says nothing of channels. */
export function systemChange(data: Uint8Array): SystemChange | undefined {
  const [maker, , model, command] = data;
  if (maker === 0x7f && model === 0x04 && command === 0x01) return masterVolumeOf(data[5]);
  if (maker === 0x7e && model === 0x09) {
    if (command === 1 || command === 2) return { system: "gm" };
    return command === 3 ? { system: "gm2" } : undefined;
  }
  if (maker === 0x41 && model === 0x42 && command === 0x12 && data.length >= 8) {
    const [high, middle, low, value] = data.subarray(4);
    if (high === 0x40 && middle === 0x00 && low === 0x7f) return { system: "gs" };
    if (high === 0x00 && middle === 0x00 && low === 0x7f) return { system: "gs" }; // SC-88 mode
    if (high === 0x40 && middle === 0x00 && low === 0x04) return masterVolumeOf(value);
    if (high === 0x40 && middle >> 4 === 1) {
      const channel = gsChannel(middle & 15);
      if (low === 0x15) return { channel, rhythm: value > 0 };
      if (low === 0x19) return volumeOf(channel, value);
    }
  }
  if (maker === 0x43 && data[1] >> 4 === 1 && model === 0x4c && data.length >= 7) {
    const [high, middle, low, value] = data.subarray(3);
    if (high === 0 && middle === 0 && low === 0x7e) return { system: "xg" };
    if (high === 0 && middle === 0 && low === 0x04) return masterVolumeOf(value);
    if (high === 8 && middle < 16) {
      if (low === 0x07) return { channel: middle, rhythm: value > 0 };
      if (low === 0x0b) return volumeOf(middle, value);
    }
  }
  return undefined;
}

/**
 * The role of a channel.
 * @param channel 0-15 @param bank coarse bank (controller 0) in force at its last program change
 */
export function roleOf(
  system: SoundSystem | undefined,
  channel: number,
  bank: number | undefined,
  program: number | undefined,
): ChannelRole {
  if (system === "xg") {
    if (bank === 127) return "drums";
    if (bank === 126 || bank === 64) return "effects";
  }
  if (system === undefined && bank === 127 && LIKELY_KITS.has(program)) return "drums";
  if (system !== "gs") {
    if (bank === 120) return "drums";
    if (bank === 121) return "melody";
  }
  return channel === DRUM_CHANNEL ? "drums" : "melody";
}
