/**
 * What controllers, pitch bend, registered parameters and volumes by system exclusive message do to the sound
 * of each channel, as steps in time. Meanings and defaults: MIDI 1.0 detailed specification and General MIDI 2
 * (volumes and expression are squared, bend ranges over two semitones until parameter 0 says another).
 */
import { CHANNELS } from "./event-list.ts";
import { FULL_VOLUME } from "./sound-system.ts";
import type { TimedSystemChange, TrackReader } from "./track-reader.ts";

/** A value from a tick on. */
export interface Turn {
  readonly tick: number;
  readonly value: number;
}

/** The sound of one channel in time. Each list ascends by tick; where it is empty, nothing was said. */
export interface ChannelCurves {
  /** Volume, expression and master volume as one factor; 1 is what a channel has that names none. */
  readonly gain: readonly Turn[];
  /** -1 left to 1 right. */
  readonly pan: readonly Turn[];
  /** Bend and fine tuning, in semitones. */
  readonly bend: readonly Turn[];
  /** Depth of vibrato by the modulation wheel, 0-1. */
  readonly vibrato: readonly Turn[];
}

const CONTROL = 11;
const PITCH_BEND = 14;
const VOLUME = 7;
const DEFAULT_VOLUME = 100;
const NO_PARAMETER = 0x3fff;

/** The curves of each channel of which anything is said, by channel with its port. */
export function channelCurves(reader: TrackReader): Map<number, ChannelCurves> {
  const { events } = reader;
  const channels = new Map<number, CurveWriter>();
  const writerOf = (channel: number): CurveWriter => {
    let writer = channels.get(channel);
    if (writer === undefined) {
      writer = new CurveWriter();
      channels.set(channel, writer);
    }
    return writer;
  };
  const applySystem = (timed: TimedSystemChange): void => {
    const { tick, change } = timed;
    for (const port of reader.portsOf(timed)) {
      const first = channelOf(port, 0);
      if ("channel" in change) {
        if ("volume" in change)
          writerOf(first + change.channel).control(tick, VOLUME, change.volume);
        continue;
      }
      const volume = "masterVolume" in change ? change.masterVolume : FULL_VOLUME;
      for (let each = first; each < Math.min(first + CHANNELS, events.channels); each++) {
        writerOf(each).master(tick, volume);
      }
    }
  };
  const applyUntil = reader.systemChangesInTime(applySystem);
  for (const index of events.inTime()) {
    const tick = events.tick(index);
    applyUntil(tick);
    const kind = events.kind(index);
    if (kind === PITCH_BEND) {
      writerOf(events.channel(index)).bendTo(tick, events.data1(index) + 128 * events.data2(index));
    } else if (kind === CONTROL) {
      writerOf(events.channel(index)).control(tick, events.data1(index), events.data2(index));
    }
  }
  applyUntil(Number.POSITIVE_INFINITY);
  return channels;
}

/** The number of a channel of a port, as `channelCurves` counts them. */
export const channelOf = (port: number, channel: number): number => port * CHANNELS + channel;

class CurveWriter implements ChannelCurves {
  readonly gain: Turn[] = [];
  readonly pan: Turn[] = [];
  readonly bend: Turn[] = [];
  readonly vibrato: Turn[] = [];
  #volume = DEFAULT_VOLUME;
  #expression = 127;
  #master = FULL_VOLUME;
  #bend = 0; // -1 to 1
  #range = 2; // semitones
  #fine = 0; // semitones
  #fineSteps = 0x2000;
  #parameter = NO_PARAMETER;

  bendTo(tick: number, value: number): void {
    this.#bend = value < 0x2000 ? (value - 0x2000) / 0x2000 : (value - 0x2000) / 0x1fff;
    this.#turnBend(tick);
  }

  master(tick: number, volume: number): void {
    if (volume === this.#master) return;
    this.#master = volume;
    this.#turnGain(tick);
  }

  control(tick: number, controller: number, value: number): void {
    switch (controller) {
      case 1:
        turn(this.vibrato, tick, value / 127);
        break;
      case VOLUME:
        this.#volume = value;
        this.#turnGain(tick);
        break;
      case 10:
        turn(this.pan, tick, Math.max(-1, (value - 64) / 63));
        break;
      case 11:
        this.#expression = value;
        this.#turnGain(tick);
        break;
      case 6:
        this.#dataCoarse(tick, value);
        break;
      case 38:
        this.#dataFine(tick, value);
        break;
      case 98:
      case 99:
        this.#parameter = NO_PARAMETER;
        break;
      case 100:
        this.#parameter = (this.#parameter & 0x3f80) | value;
        break;
      case 101:
        this.#parameter = (this.#parameter & 0x7f) | (value << 7);
        break;
      case 121:
        this.#reset(tick);
        break;
    }
  }

  #dataCoarse(tick: number, value: number): void {
    if (this.#parameter === 0) this.#range = value;
    else if (this.#parameter === 1) this.#tune((this.#fineSteps & 0x7f) | (value << 7));
    else return;
    this.#turnBend(tick);
  }

  #dataFine(tick: number, value: number): void {
    if (this.#parameter === 0) this.#range = Math.floor(this.#range) + value / 100;
    else if (this.#parameter === 1) this.#tune((this.#fineSteps & 0x3f80) | value);
    else return;
    this.#turnBend(tick);
  }

  #tune(steps: number): void {
    this.#fineSteps = steps;
    this.#fine = (steps - 0x2000) / 0x2000;
  }

  /** "Reset all controllers" (RP-015): volume, pan and tuning stay. */
  #reset(tick: number): void {
    this.#expression = 127;
    this.#bend = 0;
    this.#parameter = NO_PARAMETER;
    if (this.gain.length > 0) this.#turnGain(tick);
    if (this.bend.length > 0) this.#turnBend(tick);
    if (this.vibrato.length > 0) turn(this.vibrato, tick, 0);
  }

  #turnGain(tick: number): void {
    const channel = (this.#volume / DEFAULT_VOLUME) * (this.#expression / 127);
    turn(this.gain, tick, (channel * (this.#master / FULL_VOLUME)) ** 2);
  }

  #turnBend(tick: number): void {
    turn(this.bend, tick, this.#bend * this.#range + this.#fine);
  }
}

/** Of several turns at one tick the last holds; one that changes nothing is none. */
function turn(curve: Turn[], tick: number, value: number): void {
  if (curve.at(-1)?.tick === tick) curve.pop();
  if (curve.at(-1)?.value !== value) curve.push({ tick, value });
}
