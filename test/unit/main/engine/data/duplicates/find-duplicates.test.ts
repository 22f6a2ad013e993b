import { expect, test } from 'vitest';
import type { DuplicateReport, Split } from '#contract/data.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { findDuplicates, type HashesOf } from '#engine/data/duplicates/find-duplicates.ts';
import { below, generator } from '#engine/data/random.ts';

interface Picture {
  readonly split: Split;
  readonly label: number;
  readonly pixels: Uint8Array;
}

function setOf(side: number, channels: number, pictures: readonly Picture[], read?: () => void): DataSet {
  return {
    summary: {} as DataSet['summary'],
    height: side,
    width: side,
    channels,
    classes: ['a', 'b'],
    source(split) {
      const own = pictures.filter((picture) => picture.split === split);
      if (own.length === 0) return undefined;
      return {
        count: own.length,
        labels: Uint16Array.from(own, ({ label }) => label),
        read(indices, into) {
          read?.();
          for (let at = 0; at < indices.length; at++) into.set(own[indices[at]!]!.pixels, at * side * side * channels);
        },
      };
    },
  };
}

async function search(dataSet: DataSet, hashesOf?: HashesOf): Promise<DuplicateReport> {
  const search = findDuplicates(dataSet, hashesOf);
  for (;;) {
    const { done, value } = await search.next();
    if (done) return value;
  }
}

/** Something like a photo: soft waves of each colour, the same for the same seed. `gain` and `noise` change it a little. */
function photo(seed: number, side: number, channels: number, { gain = 1, noise = 0 } = {}): Uint8Array {
  const next = generator(seed, 5);
  const between = (low: number, high: number) => low + ((high - low) * below(next, 1000)) / 1000;
  const waves = Array.from({ length: 5 }, () => ({
    across: between(-12, 12) / side,
    down: between(-12, 12) / side,
    phase: between(0, 6.28),
    tones: Array.from({ length: channels }, () => between(10, 35)),
  }));
  const grain = generator(seed, 6 + noise);
  const pixels = new Uint8Array(side * side * channels);
  for (const at of pixels.keys()) {
    const [pixel, channel] = [Math.floor(at / channels), at % channels];
    let tone = 110;
    for (const { across, down, phase, tones } of waves) {
      tone += tones[channel]! * Math.sin((pixel % side) * across + Math.floor(pixel / side) * down + phase);
    }
    const grains = noise > 0 ? below(grain, 2 * noise + 1) - noise : 0;
    pixels[at] = Math.min(255, Math.max(0, Math.round(tone * gain + grains)));
  }
  return pixels;
}

const made = new Map<string, Uint8Array>();

const others = (side: number, channels: number, count: number): Picture[] =>
  Array.from({ length: count }, (_, number) => {
    const key = `${side} ${channels} ${number}`;
    const pixels = made.get(key) ?? photo(1000 + number, side, channels);
    made.set(key, pixels);
    return { split: 'train', label: 0, pixels };
  });

test('the same pixels in two splits: the training image is the one to leave out', async () => {
  const twin = photo(1, 64, 3);
  const report = await search(
    setOf(64, 3, [
      ...others(64, 3, 30),
      { split: 'train', label: 0, pixels: twin },
      { split: 'validation', label: 0, pixels: twin },
      { split: 'test', label: 0, pixels: photo(2, 64, 3) },
      { split: 'test', label: 1, pixels: twin },
    ]),
  );
  expect(report).toEqual({
    exact: 2,
    near: 0,
    leaks: 2,
    groups: [
      {
        kind: 'exact',
        acrossSplits: true,
        acrossClasses: true,
        images: [
          { split: 'test', index: 1, label: 1, distance: 0 },
          { split: 'validation', index: 0, label: 0, distance: 0 },
          { split: 'train', index: 30, label: 0, distance: 0 },
        ],
      },
    ],
    advised: [
      { split: 'validation', index: 0 },
      { split: 'train', index: 30 },
    ],
  });
});

test('within a split the first stays; groups across splits are told first', async () => {
  const [one, two] = [photo(1, 64, 1), photo(2, 64, 1)];
  const report = await search(
    setOf(64, 1, [
      { split: 'train', label: 0, pixels: one },
      { split: 'train', label: 0, pixels: two },
      { split: 'train', label: 0, pixels: one },
      { split: 'train', label: 0, pixels: one },
      { split: 'test', label: 0, pixels: two },
    ]),
  );
  expect(report.groups.map(({ acrossSplits, images }) => [acrossSplits, images.length])).toEqual([
    [true, 2],
    [false, 3],
  ]);
  expect(report).toMatchObject({ exact: 3, near: 0, leaks: 1 });
  expect(report.advised).toEqual([
    { split: 'train', index: 2 },
    { split: 'train', index: 3 },
    { split: 'train', index: 1 },
  ]);
});

test.each([
  ['brighter', { gain: 1.1 }],
  ['darker', { gain: 0.8 }],
  ['grainy', { noise: 6 }],
])('a larger image that is %s is nearly the same, and no other is', async (_, change) => {
  const near: Picture = { split: 'test', label: 0, pixels: photo(1005, 64, 3, change) };
  const report = await search(setOf(64, 3, [...others(64, 3, 60), near]));
  expect(report).toMatchObject({ exact: 0, near: 1, leaks: 1, advised: [{ split: 'train', index: 5 }] });
  expect(report.groups).toHaveLength(1);
  expect(report.groups[0]).toMatchObject({ kind: 'near', images: [{ split: 'test' }, { split: 'train', index: 5 }] });
});

test('a group of the same and the nearly same counts both', async () => {
  const twin = photo(1, 64, 3);
  const pictures = [twin, twin, photo(1, 64, 3, { noise: 4 })].map(
    (pixels) => ({ split: 'train', label: 0, pixels }) as const,
  );
  expect(await search(setOf(64, 3, pictures))).toMatchObject({ exact: 1, near: 1, groups: [{ kind: 'near' }] });
});

test.each([
  ['grey', 1, 1],
  ['colour', 3, 4],
])('small images in %s are nearly the same when their pixels hardly differ', async (_, channels, noise) => {
  const near: Picture = { split: 'test', label: 0, pixels: photo(1005, 32, channels, { noise }) };
  const report = await search(setOf(32, channels, [...others(32, channels, 60), near]));
  expect(report).toMatchObject({ near: 1, advised: [{ split: 'train', index: 5 }] });
});

/** A stroke from the top to the bottom. */
function stroke(from: number, to: number): Uint8Array {
  const pixels = new Uint8Array(28 * 28);
  for (let y = 4; y < 24; y++) {
    const x = Math.round(from + ((to - from) * (y - 4)) / 20);
    for (const beside of [-1, 0, 1]) pixels[y * 28 + x + beside] = beside === 0 ? 255 : 140;
  }
  return pixels;
}

test('digits that look alike are not the same: their hashes are near, their pixels are not', async () => {
  const strokes = [10, 11, 12, 13, 14].flatMap((from) => [13, 14, 15, 16].map((to) => stroke(from, to)));
  const pictures = strokes.map((pixels) => ({ split: 'train', label: 1, pixels }) as const);
  expect(await search(setOf(28, 1, pictures))).toMatchObject({ exact: 0, near: 0, groups: [] });
});

/** A thing on a white ground, in one corner or another: most of its hash is of the ground. */
function product(corner: number): Uint8Array {
  const pixels = new Uint8Array(64 * 64).fill(255);
  const [top, left] = [corner % 4, Math.floor(corner / 4)].map((part) => 8 + part * 12);
  for (let y = 0; y < 10; y++) for (let x = 0; x < 10; x++) pixels[(top! + y) * 64 + left! + x] = 40;
  return pixels;
}

test('different things on a white ground are not nearly the same, nor are grounds of one tone', async () => {
  const flat = [250, 251, 252, 20].map((tone) => new Uint8Array(64 * 64).fill(tone));
  const pictures = [...Array.from({ length: 16 }, (_, corner) => product(corner)), ...flat];
  const report = await search(
    setOf(
      64,
      1,
      pictures.map((pixels) => ({ split: 'train', label: 0, pixels })),
    ),
  );
  expect(report).toMatchObject({ exact: 0, near: 0 });
});

test('hashes that are known are not computed: only images that may be alike are read', async () => {
  let reads = 0;
  const pictures = [
    ...others(64, 3, 20),
    { split: 'test', label: 0, pixels: photo(1000, 64, 3, { noise: 3 }) } as const,
  ];
  const dataSet = setOf(64, 3, pictures, () => reads++);
  const digits = (seed: number) => [0, 1].map((word) => generator(seed, word)().toString(16).padStart(8, '0')).join('');
  const known = (twinOfTest?: number) => (split: Split, index: number) => ({
    exact: `${split} ${index}`,
    perceptual: digits(split === 'test' || index === twinOfTest ? 1000 : index),
  });
  expect(await search(dataSet, known())).toMatchObject({ groups: [] });
  expect(reads).toBe(0);
  expect(await search(dataSet, known(1))).toMatchObject({ groups: [] }); // the hashes agree, the images do not
  expect(reads).toBe(2);
  expect(await search(dataSet, known(0))).toMatchObject({ near: 1, advised: [{ split: 'train', index: 0 }] });
  expect(reads).toBe(4);
});

test('it tells how far it is, and ends when it is cancelled', async () => {
  const controller = new AbortController();
  const pictures = Array.from({ length: 30 }, () => others(64, 3, 60)).flat();
  const told: number[] = [];
  const search = findDuplicates(setOf(64, 3, pictures), undefined, controller.signal);
  const first = await search.next();
  expect(first).toMatchObject({ done: false, value: { total: 3600 } });
  controller.abort();
  await expect(
    (async () => {
      for (;;) {
        const { done, value } = await search.next();
        if (done) return;
        told.push(value.done);
      }
    })(),
  ).rejects.toMatchObject({ name: 'AbortError' });
  expect(told.every((done) => done < 3600)).toBe(true);
});

test('a set without images has no duplicates', async () => {
  expect(await search(setOf(8, 1, []))).toEqual({ exact: 0, near: 0, leaks: 0, groups: [], advised: [] });
});
