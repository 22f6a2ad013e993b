/**
 * A drawing made into a digit as MNIST's were. LeCun, Cortes, Burges, "The MNIST database": "The original black and
 * white (bilevel) images from NIST were size normalized to fit in a 20x20 pixel box while preserving their aspect
 * ratio. The resulting images contain grey levels as a result of the anti-aliasing technique used by the normalization
 * algorithm. The images were centered in a 28x28 image by computing the center of mass of the pixels, and translating
 * the image so as to position this point at the center of the 28x28 field."
 */

/** Grey levels, row by row, ink = 255. */
export interface Gray {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Levels below this are paper: the faint edge of a soft pen must not move the box. */
const inkFrom = 16;
/** The digit's longer side, as a part of the picture's. */
const boxPart = 20 / 28;

/** The smallest box, in whole pixels, that holds all ink; null where there is none. */
export function inkBox({ width, height, pixels }: Gray): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((pixels[y * width + x] ?? 0) < inkFrom) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The centre of mass, in pixels from the top left corner; pixel i reaches from i to i + 1. */
export function centreOfMass({ width, height, pixels }: Gray): { x: number; y: number } | null {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = pixels[y * width + x] ?? 0;
      mass += ink;
      sumX += ink * (x + 0.5);
      sumY += ink * (y + 0.5);
    }
  }
  return mass === 0 ? null : { x: sumX / mass, y: sumY / mass };
}

/**
 * The drawing as the network wants it: its ink scaled to 20/28 of the picture, centred by mass. A drawing without ink
 * gives an empty picture and no box. The box is where the ink went, in pixels of the result.
 */
export function asDigit(drawing: Gray, size: { width: number; height: number }): { digit: Gray; box: Box | null } {
  const blank: Gray = { ...size, pixels: new Uint8Array(size.width * size.height) };
  const ink = inkBox(drawing);
  if (!ink) return { digit: blank, box: null };
  const scale = Math.min((size.width * boxPart) / ink.width, (size.height * boxPart) / ink.height);
  const width = Math.max(1, Math.round(ink.width * scale));
  const height = Math.max(1, Math.round(ink.height * scale));
  const small = areaAverage(drawing, ink, width, height);
  const centre = centreOfMass(small) ?? { x: width / 2, y: height / 2 };
  const box = {
    left: within(Math.round(size.width / 2 - centre.x), size.width - width),
    top: within(Math.round(size.height / 2 - centre.y), size.height - height),
    width,
    height,
  };
  for (let y = 0; y < height; y++) {
    blank.pixels.set(small.pixels.subarray(y * width, (y + 1) * width), (box.top + y) * size.width + box.left);
  }
  return { digit: blank, box };
}

/**
 * The part of a picture inside `box` at another size. Each new pixel is the mean of the area that it covers, edges
 * counted by the part covered; the same rule enlarges.
 */
export function areaAverage(picture: Gray, box: Box, width: number, height: number): Gray {
  const across = spans(box.left, box.width, width);
  const down = spans(box.top, box.height, height);
  const pixels = new Uint8Array(width * height);
  down.forEach((rows, y) => {
    across.forEach((columns, x) => {
      let [sum, area] = [0, 0];
      for (const [row, tall] of rows) {
        for (const [column, wide] of columns) {
          sum += (picture.pixels[row * picture.width + column] ?? 0) * tall * wide;
          area += tall * wide;
        }
      }
      pixels[y * width + x] = Math.round(sum / area);
    });
  });
  return { width, height, pixels };
}

/** For each of `count` equal parts of `start … start + length`: the pixels it touches, and how much of each. */
function spans(start: number, length: number, count: number): [pixel: number, part: number][][] {
  return Array.from({ length: count }, (_, i) => {
    const from = start + (i * length) / count;
    const to = start + ((i + 1) * length) / count;
    const parts: [number, number][] = [];
    for (let pixel = Math.floor(from); pixel < to; pixel++) {
      const part = Math.min(to, pixel + 1) - Math.max(from, pixel);
      if (part > 1e-9) parts.push([pixel, part]);
    }
    return parts;
  });
}

const within = (value: number, highest: number) => Math.min(Math.max(value, 0), highest);
