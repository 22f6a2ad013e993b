/** Height, width, channels as W×H×C; a row of values as it is. */
export function shapeText(shape: readonly (number | null)[]): string {
  const [height, width, ...rest] = shape;
  return (shape.length < 3 ? shape : [width, height, ...rest]).map((side) => side ?? '?').join('×');
}
