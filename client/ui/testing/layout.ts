/** Whether things keep out of each other's way: boxes of elements, compared. */

/** Pairs of elements whose boxes share more than `slack` pixels each way, as words. */
export function overlaps(elements: readonly Element[], slack = 1): string[] {
  const boxes = elements.map((element) => ({ element, box: element.getBoundingClientRect() }));
  return boxes.flatMap(({ element, box }, index) =>
    boxes
      .slice(index + 1)
      .filter(
        ({ element: other, box: that }) =>
          !element.contains(other) &&
          Math.min(box.right, that.right) - Math.max(box.left, that.left) > slack &&
          Math.min(box.bottom, that.bottom) - Math.max(box.top, that.top) > slack,
      )
      .map(({ element: other }) => `${nameOf(element)} and ${nameOf(other)}`),
  );
}

/** Elements that stick out of the window at a side, as words. */
export const outside = (elements: readonly Element[]): string[] =>
  elements
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -0.5 || right > document.documentElement.clientWidth + 0.5;
    })
    .map(nameOf);

const nameOf = (element: Element): string =>
  `${element.localName}.${element.className} ${element.getAttribute("aria-label") ?? element.textContent?.trim() ?? ""}`;
