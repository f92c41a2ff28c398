/** What the surface says in full sentences stands in client/ui/wording, so that another language is written in one place. */
import { describe, expect, it } from "vitest";
import { codeOf, filesOf, isTest, textOf } from "./source-files.ts";

/** A full sentence: in quotes, or a line of a template's text, with two blanks at least and a full stop. */
const SENTENCE =
  /["'`][^"'`\n]* [^"'`\n]* [^"'`\n]*[a-z]\.["'`]|^\s*[A-Z][^"'`=<>\n]* [^"'`=<>\n]* [^"'`=<>\n]*[a-z]\.\s*$/m;

describe("sentences", () => {
  it("sentences of the surface stand in its wording alone", () => {
    const found = filesOf("client/ui").filter(
      (file) =>
        !isTest(file) &&
        !file.startsWith("client/ui/wording/") &&
        SENTENCE.test(codeOf(textOf(file)).replace(/^\s*\/\/.*$/gm, "")),
    );
    expect(found).toEqual([]);
  });

  it("are seen in quotes and in templates, other texts are not", () => {
    expect('tell("Nothing was heard yet.")').toMatch(SENTENCE);
    expect("html`<p>\n  Tracks appear here as they come.\n</p>`").toMatch(SENTENCE);
    expect('import "./say.ts"; title="Tap the beat, twice or more"').not.toMatch(SENTENCE);
  });
});
