/**
 * What holds for a MIDI port whoever plays on it: how late its machine sounds, and whether it hears the clock. It belongs
 * to the room and not to a performance, so banks and undo leave it alone.
 */
import { Emitter } from "#base/emitter.ts";

/** Most milliseconds by which a port is sent its messages sooner or later. */
export const FARTHEST_LATENCY = 200;

/** See the header. */
export interface PortSettings {
  /** Milliseconds from a message to its sound, -200 to 200: messages are sent that much sooner. */
  readonly latency: number;
  /** Whether MIDI clock is sent there. */
  readonly clockOut: boolean;
}

export const USUAL_PORT: PortSettings = { latency: 0, clockOut: false };

/** By the port's name. */
export type PortSettingsTable = Readonly<Record<string, PortSettings>>;

/** The settings of all ports, those that are away included. */
export class PortSettingsBoard {
  /** Fires after every change. */
  readonly changed = new Emitter<PortSettingsTable>();
  #table: PortSettingsTable;

  constructor(table: PortSettingsTable = {}) {
    this.#table = table;
  }

  get state(): PortSettingsTable {
    return this.#table;
  }

  of(port: string): PortSettings {
    return Object.hasOwn(this.#table, port) ? this.#table[port] : USUAL_PORT;
  }

  /** A latency out of its range is brought into it. */
  set(port: string, change: Partial<PortSettings>): void {
    const settings = { ...this.of(port), ...change };
    this.#table = { ...this.#table, [port]: { ...settings, latency: within(settings.latency) } };
    this.changed.emit(this.#table);
  }
}

const within = (latency: number): number =>
  Math.min(FARTHEST_LATENCY, Math.max(-FARTHEST_LATENCY, latency));

/** A table out of the browser's store; what is not understood is as usual. */
export function keptPortSettings(kept: unknown): PortSettingsTable | undefined {
  if (typeof kept !== "object" || kept === null) return undefined;
  const settingsOf = (value: unknown): PortSettings => {
    if (typeof value !== "object" || value === null) return USUAL_PORT;
    const { latency, clockOut } = value as Record<string, unknown>;
    return {
      latency: typeof latency === "number" && Number.isFinite(latency) ? within(latency) : 0,
      clockOut: clockOut === true,
    };
  };
  return Object.fromEntries(Object.entries(kept).map(([port, value]) => [port, settingsOf(value)]));
}
