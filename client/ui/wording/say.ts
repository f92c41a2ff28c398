/** Remarks in words: the one place where a code becomes a sentence. */
import type { Remark } from "#base/remark.ts";
import { ENGLISH } from "./english.ts";
import type { Sentences } from "./sentences.ts";

/** A remark as one sentence; nothing for none. */
export function say(remark: Remark | undefined, language: Sentences = ENGLISH): string {
  if (remark === undefined) return "";
  const sentence = language[remark.code] as (
    parameters: Remark["parameters"],
    say: (remark: Remark) => string,
  ) => string;
  return sentence(remark.parameters, (inner) => say(inner, language));
}
