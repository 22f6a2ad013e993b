/** The size in which a layer's output is drawn: its side as high as it is in pixels, its channels as wide as their logarithm. */
export interface Box {
  /** Both 0…1 of the room there is. */
  readonly height: number;
  readonly width: number;
}

const widest = Math.log2(1024);
const least = 0.06;

/** @param shape without the batch axis: height, width, channels, or values alone; @param inputHeight of the image */
export function shapeBox(shape: readonly (number | null)[], inputHeight: number): Box {
  const [first = 1, , channels = 1] = shape.map((side) => side ?? 1);
  const clamp = (part: number) => Math.min(1, Math.max(least, part));
  // Values in a row: a thin upright bar whose height follows their number.
  if (shape.length < 3) return { height: clamp(Math.log2(first + 1) / 14), width: least };
  return { height: clamp(first / inputHeight), width: clamp(Math.log2(channels + 1) / widest) };
}
