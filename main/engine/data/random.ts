/** Whole numbers 0 … 2³²−1, each as likely as any other. */
export type Generator = () => number;

/**
 * sfc32, "small fast counting": 128 bits of state with a counter, so that no seed falls into a cycle shorter than 2³².
 * Chris Doty-Humphrey, PractRand 0.94, RNG/sfc.cpp (public domain), seeded as there: two words, counter 1, twelve
 * numbers thrown away. `stream` tells apart what draws from one seed (epochs, classes, layers).
 */
export function generator(seed: number, stream = 0): Generator {
  let a = 0;
  let b = seed | 0;
  let c = stream | 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let thrown = 0; thrown < 12; thrown++) next();
  return next;
}

/** Evenly 0 … `limit`−1. Numbers from the incomplete last stretch are drawn again, so none is favoured. */
export function below(next: Generator, limit: number): number {
  const end = 2 ** 32 - (2 ** 32 % limit);
  let drawn = next();
  while (drawn >= end) drawn = next();
  return drawn % limit;
}

/** Fisher–Yates (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P), in place. */
export function shuffle(values: Uint32Array, next: Generator): Uint32Array {
  for (let last = values.length - 1; last > 0; last--) {
    const other = below(next, last + 1);
    const kept = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = kept;
  }
  return values;
}

/** The order in which an epoch sees its n images: 0 … n−1, the same for the same seed and epoch on every machine. */
export function permutation(n: number, seed: number, epoch: number): Uint32Array {
  return shuffle(ascending(n), generator(seed, epoch));
}

/** `from`, `from` + 1, … */
export function ascending(n: number, from = 0): Uint32Array {
  const indices = new Uint32Array(n);
  for (let position = 0; position < n; position++) indices[position] = from + position;
  return indices;
}
