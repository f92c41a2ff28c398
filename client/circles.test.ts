/** No file needs itself by way of others: types count too, since who reads one file of a circle has to read them all. */
import { describe, expect, it } from "vitest";
import { filesOf, PLACES, pathOf, specifiersIn, textOf } from "./source-files.ts";

/** Whom each file imports. */
type Imports = ReadonlyMap<string, readonly string[]>;

/** The circles: files that reach each other (Tarjan, "Depth-first search and linear graph algorithms", 1972). */
function circlesIn(imports: Imports): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    const number = order.size;
    order.set(file, number);
    lowest.set(file, number);
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== number) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1 || imports.get(file)?.includes(file)) circles.push(circle.sort());
  };
  for (const file of imports.keys()) visit(file);
  return circles;
}

describe("circles", () => {
  it("are in no source", () => {
    const imports = new Map(
      PLACES.flatMap((place) => filesOf(place)).map((file) => [
        file,
        specifiersIn(textOf(file)).flatMap((specifier) => pathOf(specifier, file) ?? []),
      ]),
    );
    expect(imports.size).toBeGreaterThan(400);
    expect(circlesIn(imports)).toEqual([]);
  });

  it("are seen, by way of types too", () => {
    const imports = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
      ["e", ["e", "d"]],
    ]);
    expect(circlesIn(imports)).toEqual([["a", "b", "c"], ["e"]]);
    expect(
      specifiersIn('import type { A } from "./a.ts";\nexport type { B } from "./b.ts";'),
    ).toEqual(["./a.ts", "./b.ts"]);
  });
});
