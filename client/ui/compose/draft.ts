/** What stands in the compose form, and what it means: a request, or what is wrong field by field. */
import type { ComposeRequest } from "#engine/studio/studio-state.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import type { Note } from "#music/note.ts";
import { TEMPO_RANGE } from "#music/units.ts";

/** The form as it stands; numbers as typed. */
export interface Draft {
  readonly lead: Instrument;
  readonly drums: boolean;
  readonly bars: string;
  readonly tracks: string;
  readonly seed: string;
  readonly tempo: string;
  readonly temperature: number;
  readonly topP: number;
  readonly key: Key | undefined;
  readonly prime: readonly Note[] | undefined;
}

/** Fields in which a person types a number. */
export type NumberField = "bars" | "tracks" | "seed" | "tempo";

interface NumberRule {
  readonly label: string;
  readonly lowest: number;
  readonly highest: number;
  readonly whole: boolean;
}

/** Limits of the typed numbers (`ComposeRequest`, contract section 3). */
export const NUMBER_RULES: Readonly<Record<NumberField, NumberRule>> = {
  bars: { label: "Bars", lowest: 1, highest: 512, whole: true },
  tracks: { label: "Tracks", lowest: 1, highest: 16, whole: true },
  seed: { label: "Seed", lowest: 0, highest: 2 ** 32 - 1, whole: true },
  tempo: {
    label: "Tempo",
    lowest: TEMPO_RANGE.lowest,
    highest: TEMPO_RANGE.highest,
    whole: false,
  },
};

const FIELDS = Object.keys(NUMBER_RULES) as NumberField[];

/** A sentence for each field that is wrong. */
export type DraftErrors = Partial<Record<NumberField, string>>;

/** What is wrong with the form, in words. Pure. */
export function checkDraft(draft: Draft): DraftErrors {
  const errors: DraftErrors = {};
  for (const field of FIELDS) {
    const { label, lowest, highest, whole } = NUMBER_RULES[field];
    const text = draft[field].trim();
    const value = Number(text);
    const fits = text !== "" && value >= lowest && value <= highest;
    if (!fits || (whole && !Number.isInteger(value))) {
      errors[field] =
        `${label}: ${whole ? "a whole number" : "a number"} from ${lowest} to ${highest}.`;
    }
  }
  return errors;
}

/** The request a form without errors stands for. */
export function requestOf(draft: Draft): ComposeRequest {
  const { lead, drums, temperature, topP, key, prime } = draft;
  return {
    lead,
    drums,
    bars: Number(draft.bars),
    tracks: Number(draft.tracks),
    seed: Number(draft.seed),
    tempo: Number(draft.tempo),
    temperature,
    topP,
    ...(key === undefined ? {} : { key }),
    ...(prime === undefined ? {} : { prime }),
  };
}
