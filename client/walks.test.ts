/**
 * The two walks of ARCHITECTURE.md, hop by hop: each file still calls the next, the text names every hand, and the number
 * it gives is theirs.
 */
import { describe, expect, it } from "vitest";
import { codeOf, filesOf, isTest, textOf } from "./source-files.ts";

/** A hand: how the text names it, its file, and what it says to the next one. */
type Hand = readonly [name: string, file: string, says: string];

const CONTROL_MOVES: readonly Hand[] = [
  ["control-dial", "client/ui/dial/control-dial.ts", "onChange("],
  ["Session", "client/engine/jam/session.ts", "this.#steering.decide("],
  ["Steering", "client/engine/jam/steering.ts", "this.#desk.decide("],
  ["Desk", "client/engine/jam/desk.ts", "this.#performance = change("],
  ["Supply", "client/engine/jam/supply.ts", "this.#retakes.carryOut("],
  ["Retakes", "client/engine/jam/retakes.ts", "this.#source.retake("],
  ["RecordedSource", "client/engine/journal/recorded-source.ts", "this.#source.retake("],
  ["DecoderClient", "client/worker/decoder-client.ts", 'kind: "retake"'],
  ["the worker", "client/worker/decoder-worker.ts", "jam().retake("],
  ["LocalComposition", "client/engine/compose/local-composition.ts", "this.#composer.retake("],
  ["Composer", "client/engine/compose/composer.ts", "direction.sampling("],
  ["a drawing", "client/engine/compose/event-drawing.ts", "sample(logits"],
  ["the sampler", "client/model/sampler.ts", "temperature"],
];

const NOTE_SOUNDS: readonly Hand[] = [
  ["Composer", "client/engine/compose/composer.ts", "async next("],
  ["LocalComposition", "client/engine/compose/local-composition.ts", "this.composed.emit("],
  ["the worker", "client/worker/decoder-worker.ts", 'kind: "composed"'],
  ["DecoderClient", "client/worker/decoder-client.ts", "this.composed.emit("],
  ["Supply", "client/engine/jam/supply.ts", "this.#retakes.receive("],
  ["Retakes", "client/engine/jam/retakes.ts", "this.#plan.add("],
  ["Plan", "client/engine/play/plan.ts", "take("],
  ["Scheduler", "client/engine/play/scheduler.ts", "this.#player.play("],
  ["routing player", "client/players/routing-player.ts", ".play("],
];

const NUMBERS =
  "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split(" ");

/** The paragraph that begins with a walk's name. */
function paragraph(name: string): string {
  const text = textOf("ARCHITECTURE.md");
  const begin = text.indexOf(`**${name}**`);
  return text.slice(begin, text.indexOf("\n\n", begin)).replaceAll("\n", " ");
}

describe.each([
  ["A control moves", CONTROL_MOVES],
  ["A note sounds", NOTE_SOUNDS],
])("%s", (name, hands) => {
  it.each(hands)("%s speaks to the next", (_, file, says) => {
    expect(textOf(file)).toContain(says);
  });

  it("is told with every hand, and as many as there are", () => {
    const told = paragraph(name);
    expect(told).toContain(`${NUMBERS[hands.length]} hands`);
    for (const [hand] of hands) expect(told).toContain(hand);
  });
});

describe("between a declaration and the sampler", () => {
  it("no hand names the control", () => {
    const between = CONTROL_MOVES.slice(0, -1).map(([, file]) => file);
    expect(between.filter((file) => /\btemperature\b/.test(textOf(file)))).toEqual([]);
  });

  it("the control stands in five files beside its declaration's", () => {
    const naming = ["client/engine", "client/model", "client/music", "client/worker", "client/ui"]
      .flatMap((place) => filesOf(place))
      .filter((file) => !isTest(file) && /\btemperature\b/.test(codeOf(textOf(file))));
    expect(naming.sort()).toEqual([
      "client/engine/compose/controls.ts",
      "client/engine/compose/rut.ts",
      "client/engine/journal/shared-settings.ts",
      "client/model/quantile.ts",
      "client/model/sampler.ts",
      "client/model/webgpu/draw-plan.ts",
    ]);
    expect(paragraph("A control moves")).toContain("stands in five files");
  });
});
