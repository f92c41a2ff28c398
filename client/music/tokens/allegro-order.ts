/**
 * The order of tokens in sequences of the Allegro Music Transformer, as its data maker writes them
 * (asigalov61/Allegro-Music-Transformer,
 * Training-Data/allegro_music_transformer_training_dataset_maker.py, 2023):
 *
 *   START, drums, lead, chord counter 0, then events: time, duration+velocity, instrument+pitch
 *
 * Within a chord only its first event has a time token. The first event's is 0 there; we let it say the rest
 * before the first note. Every 50 chords a counter stands before the time token, and 50-99
 * chords before the end the outro, before a counter where both stand.
 */
import type { Token } from "./vocabulary.ts";

/** What must come next; `event` is the end of an event, `time` that a new onset must come. */
export type AllegroExpectation =
  | "start"
  | "drums"
  | "lead"
  | "counter"
  | "first"
  | "event"
  | "time"
  | "duration"
  | "note";

const onset = (token: Token, alone: AllegroExpectation): AllegroExpectation | undefined => {
  if (token.kind === "time") return token.delta > 0 || alone === "first" ? "duration" : undefined;
  return token.kind === "outro" || token.kind === "chord" ? alone : undefined;
};

/** What is expected after `token`, or undefined where the token may not stand. */
export function follow(expects: AllegroExpectation, token: Token): AllegroExpectation | undefined {
  switch (expects) {
    case "start":
      return token.kind === "start" ? "drums" : undefined;
    case "drums":
      return token.kind === "drums" ? "lead" : undefined;
    case "lead":
      return token.kind === "lead" ? "counter" : undefined;
    case "counter":
      return token.kind === "chord" ? "first" : undefined;
    case "first":
      return onset(token, "first");
    case "event":
      if (token.kind === "start") return "drums";
      return isDuration(token) ? "note" : onset(token, "time");
    case "time":
      return onset(token, "time");
    case "duration":
      return isDuration(token) ? "note" : undefined;
    case "note":
      return token.kind === "note" ? "event" : undefined;
  }
}

const isDuration = (token: Token): boolean => token.kind === "duration" && token.duration > 0;
