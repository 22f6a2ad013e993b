import { expect } from 'vitest';

/**
 * 0 ≤ x < 1 in steps of 2⁻²⁴: Numerical Recipes' linear congruential generator, as in test/parity/make-fixtures.py, so
 * that weights and images need not be in the fixtures.
 */
export function stream(seed: number, number: number, size: number): Float64Array {
  let state = (Math.imul(seed, 2654435761) + number * 40503 + 1) >>> 0;
  const draw = () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0);
  for (let thrown = 0; thrown < 8; thrown++) draw();
  return Float64Array.from({ length: size }, () => (draw() >>> 8) / 2 ** 24);
}

/** Whole numbers 0…255. */
export const bytes = (seed: number, number: number, size: number) =>
  Float32Array.from(stream(seed, number, size), (x) => Math.floor(x * 256));

export const classes = (seed: number, number: number, size: number, of: number) =>
  Int32Array.from(stream(seed, number, size), (x) => Math.floor(x * of));

/**
 * Every number within 5e-5 of its size, or within 5e-6 of the largest of them: what float32 sums in another order
 * differ by, where large terms cancel too. On one machine it is 1e-5; TensorFlow with and without oneDNN needs 3e-5.
 */
export function expectClose(received: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(received.length, `${what}: how many`).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = expected.flatMap((value, place) => {
    const got = received[place]!;
    const allowed = Math.max(5e-5 * Math.abs(value), 5e-6 * largest);
    return Math.abs(got - value) <= allowed ? [] : [{ place, expected: value, received: got }];
  });
  expect(off.slice(0, 5), what).toEqual([]);
}
