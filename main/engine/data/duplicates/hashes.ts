/** Perceptual hashes of 64 bits as two words each. */
export interface Hashes {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

export function noHashes(count: number): Hashes {
  return { high: new Int32Array(count), low: new Int32Array(count) };
}

/** In how many of 64 bits two may differ and still be nearly the same. */
export const nearDistance = 6;

export function setHash({ high, low }: Hashes, place: number, digits: string): void {
  high[place] = Number.parseInt(digits.slice(0, 8), 16);
  low[place] = Number.parseInt(digits.slice(8), 16);
}

/** Bits in which two differ, 0 … 64. */
export function distance({ high, low }: Hashes, one: number, other: number): number {
  return ones((high[one] ?? 0) ^ (high[other] ?? 0)) + ones((low[one] ?? 0) ^ (low[other] ?? 0));
}

/** The hashes of these places, one after the other, for `nextNear`. */
export function inOrder({ high, low }: Hashes, places: Uint32Array): Hashes {
  return {
    high: Int32Array.from(places, (place) => high[place] ?? 0),
    low: Int32Array.from(places, (place) => low[place] ?? 0),
  };
}

/**
 * The first of `from` … `to`−1 whose hash is near that of `one`, or `to`. The innermost loop of the search: 2 ns for
 * each comparison.
 */
export function nextNear({ high, low }: Hashes, one: number, from: number, to: number): number {
  const [first, second] = [high[one] ?? 0, low[one] ?? 0];
  let other = from;
  while (other < to && ones(first ^ (high[other] ?? 0)) + ones(second ^ (low[other] ?? 0)) > nearDistance) other++;
  return other;
}

/** Bits set in a word (H. Warren, Hacker's Delight, figure 5-2). */
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
