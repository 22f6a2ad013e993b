export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * One image being changed, [height, width, channel], 0…255 as floats, not clipped. An op that cannot work in place
 * writes into `spare` and turns the two round.
 */
export interface Canvas extends ImageShape {
  values: Float32Array;
  spare: Float32Array;
}

export function makeCanvas({ height, width, channels }: ImageShape): Canvas {
  const size = height * width * channels;
  return { height, width, channels, values: new Float32Array(size), spare: new Float32Array(size) };
}

/** What was written into the spare place is the image now. */
export function turnRound(canvas: Canvas): void {
  const { values } = canvas;
  canvas.values = canvas.spare;
  canvas.spare = values;
}
