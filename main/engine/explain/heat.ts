import type { ChosenLayer } from './layer-choice.ts';
import type { ExplainMethod } from '#contract/explain.ts';

/** Values row by row. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** One picture explained. */
export interface Heat {
  /** As computed; see `instead`. */
  readonly method: ExplainMethod;
  readonly layer: ChosenLayer | null;
  readonly instead?: 'no-spatial-layer';
  /** Index of the class explained. */
  readonly class: number;
  /** Softmax, by class. */
  readonly probabilities: Float32Array;
  /** The class's, before softmax. */
  readonly score: number;
  /** 0…1. */
  readonly map: Plane;
  /** The largest value before it divided all. */
  readonly maximum: number;
}

/** Divides by the largest value; a map without any heat stays zero. What is not a number (a network that overflows) counts as none. */
export function divided(height: number, width: number, raw: Float32Array): { map: Plane; maximum: number } {
  const finite = raw.map((value) => (Number.isFinite(value) ? Math.max(0, value) : 0));
  const maximum = finite.reduce((most, value) => Math.max(most, value), 0);
  const values = maximum > 0 ? finite.map((value) => value / maximum) : finite;
  return { map: { height, width, values }, maximum };
}

/** Where a place of `size` lies between the values of a line of `count`: centres at ½, as tf.image.resize has it. */
function between(size: number, count: number) {
  return Array.from({ length: size }, (_, at) => {
    const place = Math.min(count - 1, Math.max(0, ((at + 0.5) * count) / size - 0.5));
    const low = Math.floor(place);
    return { low, high: Math.min(count - 1, low + 1), part: place - low };
  });
}

/** The map at another size, bilinear. */
export function resized(map: Plane, width: number, height: number): Plane {
  const values = new Float32Array(width * height);
  const across = between(width, map.width);
  for (const [y, down] of between(height, map.height).entries()) {
    const upper = down.low * map.width;
    const lower = down.high * map.width;
    for (const [x, { low, high, part }] of across.entries()) {
      const above = (map.values[upper + low] ?? 0) * (1 - part) + (map.values[upper + high] ?? 0) * part;
      const below = (map.values[lower + low] ?? 0) * (1 - part) + (map.values[lower + high] ?? 0) * part;
      values[y * width + x] = above * (1 - down.part) + below * down.part;
    }
  }
  return { height, width, values };
}

/** At most `side` values a line and a column, each the mean of what it covers. */
export function coarsened(map: Plane, side: number): Plane {
  const width = Math.min(map.width, side);
  const height = Math.min(map.height, side);
  if (width === map.width && height === map.height) return map;
  const sums = new Float64Array(width * height);
  const counts = new Uint32Array(width * height);
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const cell = Math.floor((y * height) / map.height) * width + Math.floor((x * width) / map.width);
      sums[cell] = (sums[cell] ?? 0) + (map.values[y * map.width + x] ?? 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return { height, width, values: Float32Array.from(sums, (sum, cell) => sum / (counts[cell] || 1)) };
}
