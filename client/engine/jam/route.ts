/**
 * Where an instrument's notes go: to the page's own voice, to a channel of a MIDI port, or both; and what becomes of
 * them on the way to hardware. Plain data, kept with the performance. A port goes by its name, because its id differs
 * from browser to browser and from visit to visit.
 */
import type { Drive } from "#engine/hardware/drive.ts";
import { DRUM_CHANNEL, DRUMS, type Instrument, WRITTEN_PROGRAM } from "#music/instrument.ts";

/** How velocities are bent for a machine that answers too timidly or too wildly. */
export const VELOCITY_CURVES = ["as played", "softer", "harder", "level"] as const;
export type VelocityCurve = (typeof VELOCITY_CURVES)[number];

/** What the fader moves: controllers 7 and 10, or velocities where a machine ignores those. */
export const MIXINGS = ["controllers", "velocity"] as const;
export type Mixing = (typeof MIXINGS)[number];

/** Most semitones that a route moves notes up or down. */
export const FARTHEST_TRANSPOSITION = 48;

/** To hardware. */
export interface MidiRoute {
  readonly kind: "midi";
  /** The port's name, with a number where two have the same. */
  readonly port: string;
  /** 0-15. */
  readonly channel: number;
  /** Whether the page's own voice plays along. */
  readonly voiceToo: boolean;
  /** Channels beside it that have one note each, 0-15, where it is the first or the last (MPE); 0 for none. */
  readonly noteChannels: number;
  /** 0-127; undefined leaves the machine's own choice. */
  readonly program: number | undefined;
  /** 0-16383, sent by controllers 0 and 32 before the program; undefined for none. */
  readonly bank: number | undefined;
  /** Semitones, -48 to 48; drums are not moved. */
  readonly transposition: number;
  readonly velocityCurve: VelocityCurve;
  /** Pitches outside these, after transposition, are not sent. */
  readonly lowest: number;
  readonly highest: number;
  readonly mixing: Mixing;
  /** The machine this route was set up for, by its name in the presets. */
  readonly machine: string | undefined;
  /** For drums: the machine's key by GM percussion key; keys that are missing are not sent. Undefined is GM itself. */
  readonly drumKeys: Readonly<Record<number, number>> | undefined;
  /** Controllers of the machine that the music moves. */
  readonly drives: readonly Drive[];
}

/** See the header. */
export type Route = { readonly kind: "voice" } | MidiRoute;

/** The channel (0-15) an instrument has when nothing else is said: its own, the drums theirs (10 on screen). */
export const ownChannel = (instrument: Instrument): number =>
  instrument === DRUMS ? DRUM_CHANNEL : instrument;

/** The route of an instrument to a port when nothing else is said: General MIDI on its own channel. */
export const midiRoute = (
  instrument: Instrument,
  port: string,
  change: Partial<MidiRoute> = {},
): MidiRoute => ({
  kind: "midi",
  port,
  channel: ownChannel(instrument),
  noteChannels: 0,
  voiceToo: false,
  program: instrument === DRUMS ? undefined : WRITTEN_PROGRAM[instrument],
  bank: undefined,
  transposition: 0,
  velocityCurve: "as played",
  lowest: 0,
  highest: 127,
  mixing: "controllers",
  machine: undefined,
  drumKeys: undefined,
  drives: [],
  ...change,
});

/** From one port to another all else stays; from the voice everything is as usual for the instrument. */
export const toPort = (instrument: Instrument, route: Route, port: string): MidiRoute =>
  route.kind === "midi" ? { ...route, port } : midiRoute(instrument, port);

/** Percussion keys of General MIDI, 35 to 81. */
const PERCUSSION = Array.from({ length: 47 }, (_, key) => 35 + key);

/** The keys of General MIDI that the drums' route sends. */
export const percussionKeys = ({ drumKeys }: MidiRoute): readonly number[] =>
  drumKeys === undefined ? PERCUSSION : Object.keys(drumKeys).map(Number);

/** The drums' route with keys left out. */
export const withoutKeys = (route: MidiRoute, left: readonly number[]): MidiRoute => ({
  ...route,
  drumKeys: Object.fromEntries(
    percussionKeys(route)
      .filter((key) => !left.includes(key))
      .map((key) => [key, route.drumKeys?.[key] ?? key]),
  ),
});

/** Whether a route lets the page's own voice sound. */
export const soundsVoice = (route: Route): boolean => route.kind === "voice" || route.voiceToo;
