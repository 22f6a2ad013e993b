import type { Breather } from './breather.ts';
import { inOrder, nearDistance, nextNear, type Hashes } from './hashes.ts';

/** One more than the bits that may differ, so that near hashes agree wholly in one band at least (pigeonhole). */
const bands = nearDistance + 1;

/**
 * Names every pair of images with near hashes once, without comparing all with all: only those that agree in one of seven
 * bands of 9 or 10 bits are. Many photos leave some bits nearly always alike (a white background has no gradient), so
 * bits are dealt to the bands by how evenly they are set; each band then tells as many images apart as the others.
 *
 * @param places which images take part
 * @param tell hears how many of the `bands · places.length` steps are done
 */
export async function nearByHash(
  hashes: Hashes,
  places: Uint32Array,
  visit: (one: number, other: number) => void,
  breather: Breather,
  tell: (share: number) => void,
): Promise<void> {
  const keys = dealtBits(hashes, places).map((bits) => keysOf(hashes, places, bits));
  for (const [band, own] of keys.entries()) {
    const order = Uint32Array.from(places.keys()).sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0));
    const sorted = inOrder(
      hashes,
      order.map((position) => places[position] ?? 0),
    );
    let compared = 0;
    let end = 0;
    for (let first = 0; first < order.length; first++) {
      const one = order[first] ?? 0;
      while (end < order.length && own[order[end] ?? 0] === own[one]) end++;
      compared += end - first;
      if (compared > 10_000 && breather.due) {
        tell((band + first / order.length) / bands);
        await breather.breathe();
        compared = 0;
      }
      const next = (from: number) => nextNear(sorted, first, from, end);
      for (let second = next(first + 1); second < end; second = next(second + 1)) {
        const other = order[second] ?? 0;
        if (metBefore(keys, band, one, other)) continue;
        const [a, b] = [places[one] ?? 0, places[other] ?? 0];
        visit(Math.min(a, b), Math.max(a, b));
      }
    }
    tell((band + 1) / bands);
    await breather.breathe();
  }
}

function metBefore(keys: readonly Uint16Array[], band: number, one: number, other: number): boolean {
  for (let earlier = 0; earlier < band; earlier++) {
    const own = keys[earlier];
    if (own && own[one] === own[other]) return true;
  }
  return false;
}

/** Bits 0 … 63 of each band, the most even first. */
function dealtBits(hashes: Hashes, places: Uint32Array): number[][] {
  const set = new Float64Array(64);
  for (const place of places) for (let bit = 0; bit < 64; bit++) set[bit] = (set[bit] ?? 0) + bitOf(hashes, place, bit);
  const unevenness = (bit: number) => Math.abs((set[bit] ?? 0) - places.length / 2);
  const sorted = [...set.keys()].sort((a, b) => unevenness(a) - unevenness(b) || a - b);
  const dealt = Array.from({ length: bands }, (): number[] => []);
  for (const [turn, bit] of sorted.entries()) dealt[turn % bands]?.push(bit);
  return dealt;
}

function keysOf(hashes: Hashes, places: Uint32Array, bits: readonly number[]): Uint16Array {
  return Uint16Array.from(places, (place) => bits.reduce((key, bit) => key * 2 + bitOf(hashes, place, bit), 0));
}

function bitOf({ high, low }: Hashes, place: number, bit: number): number {
  return (((bit < 32 ? low[place] : high[place]) ?? 0) >>> (bit & 31)) & 1;
}
