/** Heat row by row. */
export interface HeatPlane {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** Where a place of `size` lies between the values of a line of `count`: centres at ½, as tf.image.resize and OpenCV have it. */
export function placeBetween(at: number, size: number, count: number): { low: number; high: number; part: number } {
  const place = Math.min(count - 1, Math.max(0, ((at + 0.5) * count) / size - 0.5));
  const low = Math.floor(place);
  return { low, high: Math.min(count - 1, low + 1), part: place - low };
}

/** Heat at another size, bilinear with half-pixel centres; beyond the outer centres it stays as they are. */
export function resized(map: HeatPlane, width: number, height: number): HeatPlane {
  const values = new Float32Array(width * height);
  const across = Array.from({ length: width }, (_, x) => placeBetween(x, width, map.width));
  for (let y = 0; y < height; y++) {
    const down = placeBetween(y, height, map.height);
    const upper = down.low * map.width;
    const lower = down.high * map.width;
    for (let x = 0; x < width; x++) {
      const { low, high, part } = across[x] ?? { low: 0, high: 0, part: 0 };
      const above = (map.values[upper + low] ?? 0) * (1 - part) + (map.values[upper + high] ?? 0) * part;
      const below = (map.values[lower + low] ?? 0) * (1 - part) + (map.values[lower + high] ?? 0) * part;
      values[y * width + x] = above * (1 - down.part) + below * down.part;
    }
  }
  return { height, width, values };
}

/** In parts of the plane's width and height, from its left and upper edge; may reach beyond it. */
export interface PlaneBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How much of each cell of a plane lies within a box, 0…1, row by row. */
export function sharesInside({ height, width }: Pick<HeatPlane, 'height' | 'width'>, box: PlaneBox): Float32Array {
  const along = (count: number, from: number, size: number) =>
    Array.from({ length: count }, (_, at) =>
      Math.max(0, Math.min((at + 1) / count, from + size) - Math.max(at / count, from)),
    ).map((part) => part * count);
  const across = along(width, box.left, box.width);
  const down = along(height, box.top, box.height);
  return Float32Array.from({ length: height * width }, (_, i) => {
    return (down[Math.floor(i / width)] ?? 0) * (across[i % width] ?? 0);
  });
}

/**
 * The part of the heat that lies outside a box, 0…1: the sum of what is above 0 there over that of the whole plane; a
 * cell that the border cuts counts by its area. Null where nothing is hot.
 * @param shares of `sharesInside`, where many planes of one size are asked about one box
 */
export function heatOutside(map: HeatPlane, box: PlaneBox, shares = sharesInside(map, box)): number | null {
  let [whole, inside] = [0, 0];
  for (let i = 0; i < map.values.length; i++) {
    const value = map.values[i] ?? 0;
    if (!(value > 0)) continue;
    whole += value;
    inside += value * (shares[i] ?? 0);
  }
  return whole > 0 ? Math.min(1, Math.max(0, 1 - inside / whole)) : null;
}
