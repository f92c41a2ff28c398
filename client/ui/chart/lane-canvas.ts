/** A canvas in device pixels, and its context in CSS pixels; undefined while it has no size. */
export function sized(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const { clientWidth, clientHeight } = canvas;
  const context = canvas.getContext("2d", { alpha: false });
  if (clientWidth === 0 || context === null) return undefined;
  const zoom = canvas.getBoundingClientRect().width / clientWidth;
  const ratio = Math.min(3, (devicePixelRatio || 1) * zoom);
  const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
