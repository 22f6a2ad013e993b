import { placeBetween, resized, type HeatPlane as HeatMap } from '#contract/heat-plane.ts';
import { heatStep, heatTable, type HeatColours } from '#contract/heat-colours.ts';

export { resized, type HeatPlane as HeatMap } from '#contract/heat-plane.ts';

/** A map as the engine sends it: float32 little-endian, base64. */
export interface SentPlane {
  readonly height: number;
  readonly width: number;
  readonly values: string;
}

export function heatMap({ height, width, values }: SentPlane): HeatMap {
  const bytes = Uint8Array.from(atob(values), (sign) => sign.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const floats = new Float32Array(height * width);
  for (let i = 0; i < floats.length && i * 4 + 4 <= bytes.length; i++) floats[i] = view.getFloat32(i * 4, true);
  return { height, width, values: floats };
}

/** The value at a place, 0…1 of the width and of the height, between the map's own values as `resized` has it. */
export function heatAt(map: HeatMap, x: number, y: number): number {
  const across = placeBetween(x * 1e6 - 0.5, 1e6, map.width);
  const down = placeBetween(y * 1e6 - 0.5, 1e6, map.height);
  const value = (row: number, column: number) => map.values[row * map.width + column] ?? 0;
  const line = (row: number) => value(row, across.low) * (1 - across.part) + value(row, across.high) * across.part;
  return line(down.low) * (1 - down.part) + line(down.high) * down.part;
}

export interface HeatPaint {
  readonly colours: HeatColours;
  /** Cold places let the picture through: alpha grows with the value, whole from one half on. */
  readonly fading: boolean;
}

/** RGBA of every value; what is not a number is clear. */
export function heatPixels(map: HeatMap, { colours, fading }: HeatPaint): Uint8ClampedArray<ArrayBuffer> {
  const table = heatTable(colours);
  const pixels = new Uint8ClampedArray(map.values.length * 4);
  for (let i = 0; i < map.values.length; i++) {
    const value = map.values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const step = heatStep(value) * 3;
    pixels[i * 4] = table[step] ?? 0;
    pixels[i * 4 + 1] = table[step + 1] ?? 0;
    pixels[i * 4 + 2] = table[step + 2] ?? 0;
    pixels[i * 4 + 3] = fading ? Math.min(1, Math.max(0, value) * 2) * 255 : 255;
  }
  return pixels;
}

/** Whether nothing speaks for the class. */
export function isCold(map: HeatMap): boolean {
  return map.values.every((value) => !(value > 0));
}

/** Difference a − b, −1…1, on the finer of the two grids. */
export function difference(a: HeatMap, b: HeatMap): HeatMap {
  const width = Math.max(a.width, b.width);
  const height = Math.max(a.height, b.height);
  const [left, right] = [resized(a, width, height), resized(b, width, height)];
  return { height, width, values: left.values.map((value, i) => value - (right.values[i] ?? 0)) };
}

/** Every value times `factor`. */
export function scaled(map: HeatMap, factor: number): HeatMap {
  return { ...map, values: map.values.map((value) => value * factor) };
}
