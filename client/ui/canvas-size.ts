/** Gives a canvas its box's size in device pixels: lines stay sharp on every screen. */

/** The size of a canvas in CSS pixels, and device pixels to each. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Before anything was measured: nothing is drawn. */
export const NO_SIZE: CanvasSize = { width: 0, height: 0, ratio: 1 };

/** Measures a canvas, which costs a layout: to be called where its box has changed, not for every frame. */
export function fitted(canvas: HTMLCanvasElement): CanvasSize {
  const { clientWidth: width, clientHeight: height } = canvas;
  const zoom = width > 0 ? canvas.getBoundingClientRect().width / width : 1;
  const ratio = Math.min(3, (devicePixelRatio || 1) * zoom);
  const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
  return { width, height, ratio };
}
