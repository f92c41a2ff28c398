/**
 * Which channel a note gets where each has one for itself (MPE 1.1, section 2.2): that of the same pitch, so that it is
 * struck again; else the one that has been free for longest, so that what rings on is not bent; else, with none free,
 * the one whose note ends first.
 */
import type { MidiNote } from "./midi-notes.ts";

/** Gives the channels of one port out, by turns. */
export class ChannelTurns {
  /** All channels, the one given last at the end. */
  #order = Array.from({ length: 16 }, (_, channel) => channel);

  /** @param channels what there is to choose from, one at least @param others the notes of the port */
  next(
    channels: readonly number[],
    others: readonly MidiNote[],
    { pitch, on, off }: Pick<MidiNote, "pitch" | "on" | "off">,
  ): number {
    const rivals = others.filter((other) => other.on < off && other.off > on);
    const struck = rivals.find(
      (other) => other.pitch === pitch && channels.includes(other.channel),
    )?.channel;
    const chosen = struck ?? this.#freest(channels, rivals);
    this.#order = [...this.#order.filter((channel) => channel !== chosen), chosen];
    return chosen;
  }

  #freest(channels: readonly number[], rivals: readonly MidiNote[]): number {
    const endOf = (channel: number) =>
      Math.max(
        Number.NEGATIVE_INFINITY,
        ...rivals.filter((rival) => rival.channel === channel).map((rival) => rival.off),
      );
    const offered = this.#order.filter((channel) => channels.includes(channel));
    return offered.reduce((best, channel) => (endOf(channel) < endOf(best) ? channel : best));
  }
}
