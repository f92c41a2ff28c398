/**
 * Decoded samples of a kit, one instrument at a time. An instrument's file is a row of MP3
 * streams; each is decoded on its own by the audio context, which also brings it to its rate.
 * Decoders that honour LAME's tag (browsers) return the frames that were encoded; others
 * (node-web-audio-api) keep the 576 frames of the encoder's and the 529 of the decoder's delay in
 * front, and the sound then starts that much later in the buffer.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { Instrument } from "#music/instrument.ts";
import { findZone, type Kit, type KitInstrument, type Zone } from "./kit.ts";
import type { Sound, SoundBank } from "./sound.ts";

/** Reads a whole file of the kit: over HTTP in the page, from disk in Node. */
export type FetchBytes = (file: string) => Promise<ArrayBuffer>;

/** The part of an audio context that decoding needs. */
export type AudioDecoder = Pick<BaseAudioContext, "decodeAudioData" | "createBuffer">;

type Range = Pick<Zone, "lowest" | "highest" | "softest" | "loudest">;

const CODEC_DELAY = 576 + 529; // frames

/** Samples of a kit, loaded instrument by instrument. */
export class SampleBank implements SoundBank {
  readonly #decoder: AudioDecoder;
  readonly #kit: Kit;
  readonly #fetchBytes: FetchBytes;
  readonly #sounds = new Map<Instrument, readonly (Sound & Range)[]>();
  readonly #loading = new Map<Instrument, Promise<void>>();

  constructor(decoder: AudioDecoder, kit: Kit, fetchBytes: FetchBytes) {
    this.#decoder = decoder;
    this.#kit = kit;
    this.#fetchBytes = fetchBytes;
  }

  /**
   * Fetches and decodes an instrument once; later calls share the outcome. Rejects with `Failure`
   * when the file cannot be had or is broken; the next call then tries again.
   */
  load(instrument: Instrument): Promise<void> {
    const known = this.#loading.get(instrument);
    if (known) return known;
    const loading = this.#load(instrument).catch((error: unknown) => {
      this.#loading.delete(instrument);
      throw error;
    });
    this.#loading.set(instrument, loading);
    return loading;
  }

  /** Whether an instrument's samples are ready. */
  isLoaded(instrument: Instrument): boolean {
    return this.#sounds.has(instrument);
  }

  sound(instrument: Instrument, pitch: number, velocity: number): Sound | undefined {
    const sounds = this.#sounds.get(instrument);
    if (sounds === undefined) return undefined;
    const found = findZone(sounds, pitch, velocity);
    assert(found, `no zone for pitch ${pitch} at velocity ${velocity} of instrument ${instrument}`);
    return found;
  }

  async #load(instrument: Instrument): Promise<void> {
    const entry = this.#kit.instruments[instrument];
    assert(entry, `instrument ${instrument} is not in the kit, expected 0-11`);
    const file = await this.#fetchBytes(entry.file);
    if (file.byteLength !== entry.bytes) {
      throw new Failure(
        "unreadable",
        `The samples of ${entry.name} have ${file.byteLength} bytes instead of ${entry.bytes}: fetch them again.`,
      );
    }
    const sounds = await Promise.all(entry.zones.map((zone) => this.#decode(entry, zone, file)));
    this.#sounds.set(instrument, sounds);
  }

  async #decode(entry: KitInstrument, zone: Zone, file: ArrayBuffer): Promise<Sound & Range> {
    const stream = file.slice(zone.offset, zone.offset + zone.bytes);
    let decoded: AudioBuffer;
    try {
      decoded = await this.#decoder.decodeAudioData(stream);
    } catch (cause) {
      const what = `A sample of ${entry.name} (pitch ${zone.rootPitch}) could not be decoded`;
      throw new Failure("unreadable", `${what}: fetch the kit again.`, { cause });
    }
    const rate = this.#kit.sampleRate;
    const excess = decoded.duration - zone.frames / rate;
    const offset = excess * rate > CODEC_DELAY - 1 ? CODEC_DELAY / rate : 0;
    const { rootPitch, lowest, highest, softest, loudest, gain, choke } = zone;
    const loop = zone.loop && {
      start: offset + zone.loop.start / rate,
      end: offset + zone.loop.end / rate,
    };
    return {
      ...{ rootPitch, lowest, highest, softest, loudest, gain, offset },
      buffer: zone.pan === undefined ? decoded : panned(this.#decoder, decoded, zone.pan),
      ...(loop && { loop }),
      ...(choke !== undefined && { choke }),
    };
  }
}

/** A mono buffer placed between left and right with equal power, as StereoPannerNode does. */
function panned(decoder: AudioDecoder, mono: AudioBuffer, pan: number): AudioBuffer {
  const stereo = decoder.createBuffer(2, mono.length, mono.sampleRate);
  const angle = ((pan + 1) * Math.PI) / 4;
  const samples = mono.getChannelData(0);
  // The strip takes mono at full level on both sides, hence the factor of the square root of 2.
  const gains = [Math.cos(angle) * Math.SQRT2, Math.sin(angle) * Math.SQRT2];
  gains.forEach((gain, channel) => {
    const target = stereo.getChannelData(channel);
    for (let frame = 0; frame < samples.length; frame++) target[frame] = samples[frame] * gain;
  });
  return stereo;
}
