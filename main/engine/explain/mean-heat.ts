import { heatOutside, type PlaneBox } from '#contract/heat-plane.ts';
import type { Plane } from './heat.ts';
import { correlation } from './ranks.ts';

/** Where a map's heat lies: its centre of mass, 0…1 of width and height; null where there is none. */
export function centreOfMass({ height, width, values }: Plane): [x: number, y: number] | null {
  let [sum, across, down] = [0, 0, 0];
  for (const [at, value] of values.entries()) {
    sum += value;
    across += value * ((at % width) + 0.5);
    down += value * (Math.floor(at / width) + 0.5);
  }
  return sum > 0 ? [across / sum / width, down / sum / height] : null;
}

/** The same; the middle where there is no heat. */
export const centreOf = (map: Plane): [x: number, y: number] => centreOfMass(map) ?? [0.5, 0.5];

/** Part of the heat outside the box, 0…1; 0 where there is no heat. @param box 0…1 of width and height */
export const outsideOf = (map: Plane, box: PlaneBox) => heatOutside(map, box) ?? 0;

/** Sums maps and pictures, all of one size. */
export class Means {
  count = 0;
  #heat: Float64Array | null = null;
  #pixels: Float64Array | null = null;
  #size = { height: 0, width: 0 };

  add(map: Plane, pixels: Uint8Array): void {
    this.#heat ??= new Float64Array(map.values.length);
    this.#pixels ??= new Float64Array(pixels.length);
    this.#size = { height: map.height, width: map.width };
    for (const [at, value] of map.values.entries()) this.#heat[at] = (this.#heat[at] ?? 0) + value;
    for (const [at, value] of pixels.entries()) this.#pixels[at] = (this.#pixels[at] ?? 0) + value;
    this.count++;
  }

  get map(): Plane {
    return { ...this.#size, values: Float32Array.from(this.#heat ?? [], (sum) => sum / this.count) };
  }

  /** 0…255 */
  get picture(): Uint8Array {
    return Uint8Array.from(this.#pixels ?? [], (sum) => Math.round(sum / this.count));
  }
}

interface Row {
  readonly outside?: number | undefined;
  readonly map: Plane;
}

/** Most of its heat outside first; without a box, those least like the mean map. */
export function sorted<T extends Row>(rows: readonly T[], mean: Plane): T[] {
  const strange = new Map(
    rows.map((row) => [row, row.outside ?? 1 - correlation(row.map.values, mean.values)] as const),
  );
  return [...rows].sort((a, b) => (strange.get(b) ?? 0) - (strange.get(a) ?? 0));
}
