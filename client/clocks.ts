/**
 * Joins the music's time to that of other machines: its clock goes out to the ports that want it, and an outer clock, if
 * one is chosen, sets tempo, start and stop. The choice outlives the page.
 */
import { remarkOf } from "#base/failure.ts";
import type { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import type { Session } from "#engine/jam/session.ts";
import { TempoFollowing } from "#engine/jam/tempo-following.ts";
import type { AudioClock } from "#players/audio-clock.ts";
import { ClockListener } from "#players/midi/clock-listener.ts";
import { ClockSender } from "#players/midi/clock-sender.ts";
import type { MidiAccess } from "#players/midi/midi-access.ts";
import type { KeptValue } from "#store/kept-value.ts";

/** What is joined. */
export interface Clocks {
  readonly session: Session;
  readonly clock: AudioClock;
  readonly midi: MidiAccess;
  readonly portSettings: PortSettingsBoard;
  /** Name of the input whose clock is followed; empty for none. */
  readonly kept: KeptValue<string>;
}

/** For `kept`: the name of an input. */
export const sourceName = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** Joins them. `pump` must be called about every 25 ms, before the session's tick; `stop` as the page goes. */
export function joinClocks({ session, clock, midi, portSettings, kept }: Clocks) {
  const { place } = session;
  const sender = new ClockSender({
    place,
    clock,
    settings: portSettings,
    find: (port) => midi.output(port),
  });
  const listener = new ClockListener(clock, (name) => midi.input(name));
  const following = new TempoFollowing(place);
  const choose = (source: string | undefined) => {
    listener.choose(source);
    following.follow(source === undefined ? undefined : listener);
    kept.write(source ?? "");
  };
  listener.played.on((playing) => {
    if (!playing) session.stop();
    else session.play().catch((error: unknown) => session.addRemark(remarkOf(error)));
  });
  const source = kept.read();
  if (source) choose(source);
  return {
    /** The clock that is followed, for the surface. */
    source: {
      get state() {
        return listener.state;
      },
      changed: listener.changed,
      choose,
    },
    pump(): void {
      listener.pump();
      following.advance(clock.now);
      sender.pump();
    },
    stop: () => sender.stop(),
  };
}
