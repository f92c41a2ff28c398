/** Sends the music's clock to every port that wants it, each shifted by how late its machine sounds. */
import type { Output } from "webmidi";
import { milliseconds, seconds } from "#base/brand.ts";
import type { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import type { MusicPlace } from "#engine/play/music-place.ts";
import type { AudioClock } from "#players/audio-clock.ts";
import { type ClockMessage, ClockOut } from "./clock-out.ts";

/** Seconds ahead that ticks are sent: as notes are, more than a busy page stalls. */
const AHEAD = 0.2;

/** What a sender needs. */
export interface ClockSenderOptions {
  readonly place: MusicPlace;
  readonly clock: AudioClock;
  readonly settings: PortSettingsBoard;
  /** The output of a name, or undefined while there is none. */
  readonly find: (port: string) => Output | undefined;
}

/** `pump` must be called about every 25 ms. */
export class ClockSender {
  readonly #options: ClockSenderOptions;
  readonly #clocks = new Map<string, ClockOut>();

  constructor(options: ClockSenderOptions) {
    this.#options = options;
  }

  /** Sends what is due. */
  pump(): void {
    const { clock, settings, place } = this.#options;
    for (const [port, { clockOut, latency }] of Object.entries(settings.state)) {
      const output = this.#options.find(port);
      const known = this.#clocks.get(port);
      if (!clockOut || output === undefined) {
        if (output !== undefined && known !== undefined)
          this.#send(output, known.stop(clock.now), 0);
        this.#clocks.delete(port);
        continue;
      }
      const out = known ?? new ClockOut(place);
      this.#clocks.set(port, out);
      const until = clock.now + AHEAD + Math.max(0, latency) / 1000;
      this.#send(output, out.advance(clock.now, seconds(until)), latency);
    }
  }

  /** Everyone stops, as the page goes. */
  stop(): void {
    for (const [port, out] of this.#clocks) {
      const output = this.#options.find(port);
      if (output !== undefined) this.#send(output, out.stop(this.#options.clock.now), 0);
    }
  }

  #send(output: Output, messages: readonly ClockMessage[], latency: number): void {
    const { clock } = this.#options;
    for (const { data, time } of messages) {
      const at = Math.max(clock.toMilliseconds(time) - latency, clock.performanceNow);
      try {
        output.send([...data], { time: milliseconds(at) });
      } catch (error) {
        // A port that goes away throws before it says so; whoever plays there tells it.
        if (error instanceof DOMException) return;
        throw error;
      }
    }
  }
}
