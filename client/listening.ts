/**
 * Joins listening to the jam: the music stops, a microphone is asked for, clicks sound from the page and test notes on the
 * port that an instrument plays on, and the microphone is let go of as it ends.
 */
import { seconds } from "#base/brand.ts";
import { remarkOf } from "#base/failure.ts";
import { isListening, Listening } from "#engine/hardware/listening.ts";
import { percussionKeys } from "#engine/jam/route.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import type { Microphone } from "#players/microphone.ts";
import type { TonePlayer } from "#players/voices/tone-player.ts";
import { type CalibratingParts, latencyOf } from "./calibrating.ts";
import type { ListeningLike } from "./ui/surface-model.ts";

/** What is joined. */
export interface ListeningJoined extends CalibratingParts {
  readonly voices: Pick<TonePlayer, "play" | "clicks">;
  readonly microphone: Pick<Microphone, "heard" | "open" | "close">;
}

/** Test notes: a melodic pitch, a side stick, and how they are struck. */
const PITCH = 72;
const STICK = 37;
const STRUCK = { length: seconds(0.3), velocity: 110 } as const;
const CLICK = { level: 1, first: true } as const;

/** Joins them: `tick` must be called about every 25 ms; what the screen sees of it. */
export function joinListening(parts: ListeningJoined) {
  const { session, routing, voices, clock, unlock, microphone } = parts;
  let instrument: Instrument = 0;
  const listening = new Listening({
    play: (place, sound, at) => {
      if (sound === "click") {
        voices.clicks.click({ time: at, ...CLICK });
        return;
      }
      const pitch = sound === "note" ? (instrument === DRUMS ? STICK : PITCH) : sound;
      const note = { instrument, pitch, start: at, ...STRUCK };
      if (place === "voice") voices.play(note);
      else routing.playOnPort(note);
    },
    latency: () => latencyOf(parts, instrument),
    keys: () => {
      const { route } = session.state.strips[instrument];
      return instrument === DRUMS && route.kind === "midi" ? percussionKeys(route) : undefined;
    },
  });
  microphone.heard.on((sound) => listening.hear(sound));
  listening.changed.on((state) => {
    if (state.phase !== "asking" && !isListening(state)) microphone.close();
  });
  const begin = async () => {
    try {
      await unlock();
      if (await microphone.open()) listening.start(clock.now);
    } catch (error) {
      listening.refuse(remarkOf(error));
    }
  };
  const surface: ListeningLike = {
    get state() {
      return listening.state;
    },
    changed: listening.changed,
    start: (chosen) => {
      instrument = chosen;
      session.stop();
      listening.ask();
      void begin();
    },
    stop: () => listening.stop(),
  };
  return { listening, surface };
}
