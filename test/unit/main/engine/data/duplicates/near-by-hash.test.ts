import { expect, test } from 'vitest';
import { Breather } from '#engine/data/duplicates/breather.ts';
import { distance, nearDistance, noHashes, setHash, type Hashes } from '#engine/data/duplicates/hashes.ts';
import { nearByHash } from '#engine/data/duplicates/near-by-hash.ts';
import { below, generator } from '#engine/data/random.ts';

const breather = () => new Breather(new AbortController().signal);

/** Hashes of which some bits are set rarely, and many are a few bits from another. */
function anyHashes(seed: number, count: number): Hashes {
  const next = generator(seed);
  const [maskHigh, maskLow] = [next() | next(), next() & next()];
  const hashes = noHashes(count);
  for (let place = 0; place < count; place++) {
    const other = below(next, place + 1);
    const near = place > 0 && below(next, 3) === 0;
    hashes.high[place] = near ? hashes.high[other]! : next() & maskHigh;
    hashes.low[place] = near ? hashes.low[other]! : next() & maskLow;
    for (let flip = near ? below(next, 10) : 0; flip > 0; flip--) {
      const half = below(next, 2) === 0 ? hashes.high : hashes.low;
      half[place]! ^= 1 << below(next, 32);
    }
  }
  return hashes;
}

test('every near pair is named once, and no other: against all pairs compared', async () => {
  let found = 0;
  for (let seed = 0; seed < 12; seed++) {
    const hashes = anyHashes(seed, 300);
    const places = Uint32Array.from({ length: 300 }, (_, place) => place).filter((place) => place % 7 !== 3);
    const expected: string[] = [];
    for (const one of places) {
      for (const other of places)
        if (one < other && distance(hashes, one, other) <= nearDistance) expected.push(`${one} ${other}`);
    }
    const named: string[] = [];
    const shares: number[] = [];
    await nearByHash(
      hashes,
      places,
      (one, other) => named.push(`${one} ${other}`),
      breather(),
      (share) => shares.push(share),
    );
    expect(named.toSorted()).toEqual(expected.toSorted());
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    found += named.length;
  }
  expect(found).toBeGreaterThan(1000);
});

test.each([
  ['0000000000000000', 'ffffffffffffffff', 64],
  ['8000000000000001', '0000000000000000', 2],
  ['00000000ffffffff', 'ffffffff00000000', 64],
  ['123456789abcdef0', '123456789abcdef0', 0],
  ['0123456789abcdef', '0123456789abcdee', 1],
])('%s and %s differ in %i bits', (one, other, bits) => {
  const hashes = noHashes(2);
  setHash(hashes, 0, one);
  setHash(hashes, 1, other);
  expect(distance(hashes, 0, 1)).toBe(bits);
});
