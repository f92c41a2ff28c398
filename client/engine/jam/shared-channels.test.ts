import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { type MidiRoute, midiRoute, type Route } from "./route.ts";
import { inTheWay, roomFor } from "./shared-channels.ts";

const [PIANO, GUITAR, BASS, VIOLIN] = [0, 1, 2, 3];
const PORT = "Osmose";

/** The routes of all instruments; those that are not named sound here. */
const routesOf = (named: Record<number, Partial<MidiRoute>>): readonly Route[] =>
  INSTRUMENTS.map((_, instrument) =>
    instrument in named
      ? midiRoute(instrument, PORT, named[instrument])
      : ({ kind: "voice" } as const),
  );

const afterRoom = (routes: readonly Route[]): readonly Route[] => {
  const room = roomFor(routes, PORT);
  return routes.map((route, instrument) => room.get(instrument) ?? route);
};

describe("channels of a port that two want", () => {
  it("are told to both where one gives single notes the other's channel", () => {
    const routes = routesOf({
      [VIOLIN]: { channel: 0, noteChannels: 5 },
      [GUITAR]: {},
      [DRUMS]: {},
    });
    expect(inTheWay(routes, VIOLIN)).toEqual({ how: "given", others: [GUITAR] });
    expect(inTheWay(routes, GUITAR)).toEqual({ how: "taken", others: [VIOLIN] });
    expect(inTheWay(routes, DRUMS)).toBeUndefined(); // channel 10 is outside of 1 to 6
    expect(inTheWay(routes, PIANO)).toBeUndefined(); // sounds here
  });

  it("count the one that speaks for all, from the other end too, and no other port's", () => {
    const upper = { channel: 15, noteChannels: 3 };
    const at = (channel: number) =>
      inTheWay(routesOf({ [VIOLIN]: upper, [BASS]: { channel } }), BASS);
    expect([15, 14, 12, 11].map((channel) => at(channel)?.how)).toEqual([
      ...["taken", "taken", "taken"],
      undefined,
    ]);
    const elsewhere = routesOf({ [VIOLIN]: upper, [BASS]: { channel: 15, port: "Juno" } });
    expect(inTheWay(elsewhere, BASS)).toBeUndefined();
  });

  it("are no trouble for those who sound alike there, or share their single notes", () => {
    const alike = { channel: 4, program: 7 };
    expect(inTheWay(routesOf({ [BASS]: alike, [GUITAR]: alike }), BASS)).toBeUndefined();
    const two = { channel: 0, noteChannels: 15 };
    expect(inTheWay(routesOf({ [VIOLIN]: two, [PIANO]: two }), PIANO)).toBeUndefined();
    const otherwise = routesOf({ [BASS]: alike, [GUITAR]: { channel: 4, program: 8 } });
    expect(inTheWay(otherwise, BASS)).toEqual({ how: "another sound", others: [GUITAR] });
  });

  it("get room: single notes have fewer, drums stay on 10, others where they can", () => {
    const routes = routesOf({
      [VIOLIN]: { channel: 0, noteChannels: 15 },
      ...{ [GUITAR]: {}, [BASS]: { channel: 12 }, [DRUMS]: {} },
    });
    const room = roomFor(routes, PORT);
    expect(
      [...room].map(([instrument, { channel, noteChannels }]) => [
        instrument,
        channel,
        noteChannels,
      ]),
    ).toEqual([
      [VIOLIN, 0, 8],
      [GUITAR, 10, 0],
    ]);
  });

  it("get room whatever the routes of all twelve are, and nothing changes where nobody is in the way", () => {
    const random = new Random(3);
    for (let round = 0; round < 300; round++) {
      const routes = routesOf(
        Object.fromEntries(
          INSTRUMENTS.map((_, instrument) => {
            const each = random.integer(4) === 0 && instrument !== DRUMS;
            return [
              instrument,
              each
                ? { channel: 15 * random.integer(2), noteChannels: 1 + random.integer(15) }
                : { channel: random.integer(16), program: random.integer(3) },
            ];
          }),
        ),
      );
      const after = afterRoom(routes);
      for (const instrument of INSTRUMENTS.keys())
        expect(inTheWay(after, instrument), `round ${round}`).toBeUndefined();
      expect(roomFor(after, PORT).size).toBe(0);
    }
  });
});
