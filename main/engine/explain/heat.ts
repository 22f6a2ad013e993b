import type { ChosenLayer } from './layer-choice.ts';
import type { ExplainMethod } from '#contract/explain.ts';
import type { HeatPlane as Plane } from '#contract/heat-plane.ts';

export { resized, type HeatPlane as Plane } from '#contract/heat-plane.ts';

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
