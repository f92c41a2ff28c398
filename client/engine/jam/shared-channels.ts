/**
 * Instruments on one port that stand in each other's way: on a channel that has one note each of another (MPE) their notes
 * are cut, bent and pressed with those; on one channel with different sounds all get the one that was asked for last. And
 * how there is room for all: whoever can stays, who gives notes a channel each has fewer of them.
 */
import { assert } from "#base/assert.ts";
import {
  MOST_NOTE_CHANNELS,
  NO_NOTE_CHANNELS,
  noteChannelsOf,
  withNoteChannels,
} from "#engine/hardware/note-channels.ts";
import { DRUM_CHANNEL, DRUMS, type Instrument } from "#music/instrument.ts";
import { type MidiRoute, ownChannel, type Route } from "./route.ts";

/** Who is in the way, by what. */
export interface InTheWay {
  /** "given": on channels that single notes of this one have. "taken": gives single notes this one's channel. */
  readonly how: "given" | "taken" | "another sound";
  readonly others: readonly Instrument[];
}

const CHANNELS = Array.from({ length: 16 }, (_, channel) => channel);

/** The channels of a route where it has them all: its own, and those of single notes. */
const channelsOf = ({ channel, noteChannels }: MidiRoute): readonly number[] => [
  channel,
  ...noteChannelsOf(withNoteChannels(NO_NOTE_CHANNELS, channel, noteChannels), channel),
];

/** Routes to a port, by instrument. */
function onPort(routes: readonly Route[], port: string): [Instrument, MidiRoute][] {
  return [...routes.entries()].filter(
    (entry): entry is [Instrument, MidiRoute] => entry[1].kind === "midi" && entry[1].port === port,
  );
}

const isPlain = ({ noteChannels }: MidiRoute): boolean => noteChannels === 0;

const soundsOtherwise = (a: MidiRoute, b: MidiRoute): boolean =>
  a.channel === b.channel && soundOf(a) !== soundOf(b);

/** Who stands in the way of an instrument's route; undefined where nobody does. @param routes of all instruments, by their ids */
export function inTheWay(routes: readonly Route[], instrument: Instrument): InTheWay | undefined {
  const own = routes[instrument];
  if (own.kind !== "midi") return undefined;
  const others = onPort(routes, own.port).filter(([other]) => other !== instrument);
  const found = (how: InTheWay["how"], inWay: (other: MidiRoute) => boolean) => {
    const these = others.filter(([, route]) => inWay(route)).map(([other]) => other);
    return these.length === 0 ? undefined : { how, others: these };
  };
  const mine = channelsOf(own);
  if (!isPlain(own))
    return found("given", (route) => isPlain(route) && mine.includes(route.channel));
  return (
    found("taken", (route) => !isPlain(route) && channelsOf(route).includes(own.channel)) ??
    found("another sound", (route) => isPlain(route) && soundsOtherwise(own, route))
  );
}

/** Routes that change so that nobody on a port is in another's way, by instrument; drums stay on their channel. */
export function roomFor(
  routes: readonly Route[],
  port: string,
): ReadonlyMap<Instrument, MidiRoute> {
  const here = onPort(routes, port);
  let most = MOST_NOTE_CHANNELS;
  const placed = () =>
    placedApart(
      here.map(([instrument, route]) => [
        instrument,
        { ...route, noteChannels: Math.min(most, route.noteChannels) },
      ]),
    );
  let found = placed();
  for (; found === undefined && most > 1; found = placed()) most--;
  assert(found !== undefined, `${here.length} instruments leave room on sixteen channels`);
  return new Map(
    found.filter(([instrument, { channel, noteChannels }]) => {
      const before = routes[instrument] as MidiRoute;
      return channel !== before.channel || noteChannels !== before.noteChannels;
    }),
  );
}

/** The same, each sound on a channel of its own outside of those of single notes; undefined where there are too few. */
function placedApart(
  here: readonly (readonly [Instrument, MidiRoute])[],
): (readonly [Instrument, MidiRoute])[] | undefined {
  const ofNotes = here.filter(([, route]) => !isPlain(route));
  const taken = new Set(ofNotes.flatMap(([, route]) => channelsOf(route)));
  if (here.some(([, route]) => isPlain(route) && isDrumChannel(route) && taken.has(DRUM_CHANNEL)))
    return undefined;
  const placed: (readonly [Instrument, MidiRoute])[] = [...ofNotes];
  /** Channels by what sounds there: who shared one on purpose shares it on. */
  const given = new Map<string, number>();
  const place = (instrument: Instrument, route: MidiRoute, channel: number) => {
    given.set(soundOf(route), channel);
    taken.add(channel);
    placed.push([instrument, { ...route, channel }]);
  };
  const toMove: (readonly [Instrument, MidiRoute])[] = [];
  for (const [instrument, route] of here.filter(([, each]) => isPlain(each))) {
    const stays =
      given.get(soundOf(route)) ?? (taken.has(route.channel) ? undefined : route.channel);
    if (stays === undefined) toMove.push([instrument, route]);
    else place(instrument, route, stays);
  }
  for (const [instrument, route] of toMove) {
    const free = [ownChannel(instrument), ...CHANNELS].filter((channel) => !taken.has(channel));
    const channel =
      given.get(soundOf(route)) ??
      free.find((each) => each !== DRUM_CHANNEL || instrument === DRUMS);
    if (channel === undefined) return undefined;
    place(instrument, route, channel);
  }
  return placed;
}

const isDrumChannel = ({ channel }: MidiRoute): boolean => channel === DRUM_CHANNEL;

const soundOf = ({ channel, program, bank }: MidiRoute): string => `${channel} ${bank} ${program}`;
