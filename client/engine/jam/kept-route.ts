/** A route out of the browser's store: what is understood of it is taken, the rest is as usual for the instrument. */
import { isJson, isWhole, type Json } from "#base/json.ts";
import { DRIVERS, type Drive, MOST_DRIVES } from "#engine/hardware/drive.ts";
import { MOST_NOTE_CHANNELS } from "#engine/hardware/note-channels.ts";
import type { Instrument } from "#music/instrument.ts";
import {
  FARTHEST_TRANSPOSITION,
  MIXINGS,
  type MidiRoute,
  midiRoute,
  type Route,
  VELOCITY_CURVES,
} from "./route.ts";

/** The route that `kept` tells of; undefined where it is none. */
export function keptRoute(kept: unknown, instrument: Instrument): Route | undefined {
  if (!isJson(kept)) return undefined;
  if (kept.kind === "voice") return { kind: "voice" };
  const { kind, port, channel } = kept;
  if (kind !== "midi" || typeof port !== "string" || !isWhole(channel, 0, 15)) return undefined;
  return midiRoute(instrument, port, { channel, ...detailsOf(kept) });
}

function detailsOf(kept: Json): Partial<MidiRoute> {
  const { program, bank, transposition, machine, noteChannels } = kept;
  const curve = VELOCITY_CURVES.find((known) => known === kept.velocityCurve);
  const mixing = MIXINGS.find((known) => known === kept.mixing);
  const drumKeys = drumKeysOf(kept.drumKeys);
  return {
    ...(typeof kept.voiceToo === "boolean" ? { voiceToo: kept.voiceToo } : {}),
    ...(isWhole(noteChannels, 0, MOST_NOTE_CHANNELS) ? { noteChannels } : {}),
    // JSON leaves undefined out: no program is the machine's own choice, not the usual one.
    program: isWhole(program, 0, 127) ? program : undefined,
    ...(isWhole(bank, 0, 16383) ? { bank } : {}),
    ...(isWhole(transposition, -FARTHEST_TRANSPOSITION, FARTHEST_TRANSPOSITION)
      ? { transposition }
      : {}),
    ...(curve === undefined ? {} : { velocityCurve: curve }),
    ...(isWhole(kept.lowest, 0, 127) ? { lowest: kept.lowest } : {}),
    ...(isWhole(kept.highest, 0, 127) ? { highest: kept.highest } : {}),
    ...(mixing === undefined ? {} : { mixing }),
    ...(typeof machine === "string" ? { machine } : {}),
    ...(drumKeys === undefined ? {} : { drumKeys }),
    ...(Array.isArray(kept.drives) ? { drives: drivesOf(kept.drives) } : {}),
  };
}

/** What is understood of a list of drives. */
const drivesOf = (kept: readonly unknown[]): readonly Drive[] =>
  kept
    .slice(0, MOST_DRIVES)
    .map(driveOf)
    .filter((drive) => drive !== undefined);

function driveOf(kept: unknown): Drive | undefined {
  if (!isJson(kept)) return undefined;
  const { controller, fine, lowest, highest } = kept;
  const driver = DRIVERS.find((known) => known === kept.driver);
  if (driver === undefined || !isWhole(controller, 0, 127)) return undefined;
  return {
    ...{ driver, controller },
    fine: isWhole(fine, 0, 127) ? fine : undefined,
    lowest: isWhole(lowest, 0, 127) ? lowest : 0,
    highest: isWhole(highest, 0, 127) ? highest : 127,
  };
}

/** Keys of a drum map; undefined for what is none. */
export function drumKeysOf(kept: unknown): Readonly<Record<number, number>> | undefined {
  if (!isJson(kept) || Array.isArray(kept)) return undefined;
  const entries = Object.entries(kept).filter(
    ([pitch, key]) => isWhole(Number(pitch), 0, 127) && isWhole(key, 0, 127),
  );
  return Object.fromEntries(entries) as Record<number, number>;
}
