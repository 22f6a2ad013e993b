/**
 * The drawing: strokes as vectors, so that undo is exact, and their raster. Ink is white on black, as MNIST is.
 * Coordinates 0…1 over a square pad.
 */

export interface Stroke {
  readonly kind: 'pen' | 'eraser';
  /** Diameter, part of the pad's side. */
  readonly width: number;
  /** Grey level of the ink, 0…255. */
  readonly level: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Side of the raster sent to the engine, px: four times the network's input. */
export const rasterSide = 112;

export function paint(
  context: CanvasRenderingContext2D,
  side: number,
  strokes: readonly Stroke[],
  under?: CanvasImageSource,
): void {
  context.fillStyle = '#000';
  context.fillRect(0, 0, side, side);
  if (under) context.drawImage(under, 0, 0, side, side);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { kind, width, level, points } of strokes) {
    const grey = kind === 'eraser' ? 0 : level;
    context.strokeStyle = context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.lineWidth = width * side;
    const [first, ...rest] = points;
    if (!first) continue;
    context.beginPath();
    context.moveTo(first[0] * side, first[1] * side);
    if (rest.length === 0) context.lineTo(first[0] * side + 0.01, first[1] * side);
    for (const [x, y] of rest) context.lineTo(x * side, y * side);
    context.stroke();
  }
}

/** Grey levels of the pad, row by row, as base64. */
export function rasterOf(strokes: readonly Stroke[], under?: CanvasImageSource): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = rasterSide;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return '';
  paint(context, rasterSide, strokes, under);
  const { data } = context.getImageData(0, 0, rasterSide, rasterSide);
  let text = '';
  for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i] ?? 0);
  return btoa(text);
}

/** An opened or pasted picture as ink on black: grey, fitted into the square, turned over when its border is light. */
export async function pictureAsInk(file: Blob): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(file);
  const side = 448;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return canvas;
  const scale = side / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height);
  bitmap.close();
  const left = Math.max(0, Math.ceil((side - width) / 2));
  const top = Math.max(0, Math.ceil((side - height) / 2));
  const image = context.getImageData(0, 0, side, side);
  const grey = (x: number, y: number) => {
    const at = (y * side + x) * 4;
    return 0.299 * (image.data[at] ?? 0) + 0.587 * (image.data[at + 1] ?? 0) + 0.114 * (image.data[at + 2] ?? 0);
  };
  let border = 0;
  let seen = 0;
  for (let i = 0; i < side; i += 4) {
    for (const [x, y] of [
      [i, top],
      [i, side - 1 - top],
      [left, i],
      [side - 1 - left, i],
    ] as const) {
      if (x < left || x >= side - left || y < top || y >= side - top) continue;
      border += grey(x, y);
      seen += 1;
    }
  }
  const invert = border / Math.max(1, seen) > 127;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const outside = x < left || x >= side - left || y < top || y >= side - top;
      const level = outside ? 0 : invert ? 255 - grey(x, y) : grey(x, y);
      const at = (y * side + x) * 4;
      image.data[at] = image.data[at + 1] = image.data[at + 2] = level;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
