/**
 * A Gaussian blur of 5 px deviation (Petsiuk et al. 2018 for 224 px), on small pictures of a sixth of their shorter side;
 * borders are mirrored.
 *
 * @param pixels [height, width, channel]
 */
export function blurred(pixels: Uint8Array, [height, width, channels]: readonly [number, number, number]): Uint8Array {
  const deviation = Math.min(5, Math.min(height, width) / 6);
  const reach = Math.ceil(deviation * 3);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * deviation ** 2)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const rows = Float32Array.from(pixels);
  const along = (from: Float32Array, count: number, step: number, starts: (line: number) => number, lines: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      const start = starts(line);
      for (let at = 0; at < count; at++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          sum += (kernel[k + reach] ?? 0) * (from[start + mirrored(at + k, count) * step] ?? 0);
        }
        to[start + at * step] = sum / total;
      }
    }
    return to;
  };
  const row = width * channels;
  const across = along(
    rows,
    width,
    channels,
    (line) => Math.floor(line / channels) * row + (line % channels),
    height * channels,
  );
  const both = along(across, height, row, (line) => line, row);
  return Uint8Array.from(both, Math.round);
}

/** −1 → 0, −2 → 1, count → count − 1, … */
function mirrored(at: number, count: number): number {
  const place = ((at % (2 * count)) + 2 * count) % (2 * count);
  return place < count ? place : 2 * count - 1 - place;
}
