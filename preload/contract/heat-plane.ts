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
