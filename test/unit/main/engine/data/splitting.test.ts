import { expect, test } from 'vitest';
import type { Split, Splitting } from '#contract/data.ts';
import { below, generator, type Generator } from '#engine/data/random.ts';
import { drawSplits } from '#engine/data/splitting.ts';

const splits: Split[] = ['train', 'validation', 'test'];
const inTrain = (labels: Uint16Array) => new Uint8Array(labels.length);
const perClass = (labels: Uint16Array, indices: Uint32Array, classes: number) => {
  const counts = Array.from({ length: classes }, () => 0);
  for (const index of indices) counts[labels[index]!]!++;
  return counts;
};
/** `sizes[c]` images of class c, the classes taking turns. */
const labelsOf = (sizes: readonly number[]) =>
  Uint16Array.from(
    Array.from({ length: Math.max(...sizes) }, (_, turn) =>
      [...sizes.keys()].filter((label) => sizes[label]! > turn),
    ).flat(),
  );

test('given splits stay', () => {
  const given = Uint8Array.from([2, 0, 0, 1, 2, 0]);
  expect(drawSplits(new Uint16Array(6), given, { by: 'given' })).toEqual({
    train: Uint32Array.from([1, 2, 5]),
    validation: Uint32Array.from([3]),
    test: Uint32Array.from([0, 4]),
  });
});

test('each split gets its share of each class', () => {
  const labels = labelsOf([100, 50, 10]);
  const drawn = drawSplits(labels, inTrain(labels), { by: 'fraction', validation: 0.2, test: 0.1, seed: 7 });
  expect(splits.map((split) => perClass(labels, drawn[split], 3))).toEqual([
    [70, 35, 7],
    [20, 10, 2],
    [10, 5, 1],
  ]);
});

test('shares that are no whole numbers: largest remainder', () => {
  const labels = labelsOf([7, 5, 3]); // validation 3 of 15: 1.4, 1, 0.6
  const drawn = drawSplits(labels, inTrain(labels), { by: 'fraction', validation: 0.2, test: 0, seed: 1 });
  expect(perClass(labels, drawn.validation, 3)).toEqual([1, 1, 1]);
  expect(drawn.test).toHaveLength(0);
});

test('what is asked for has an image at least', () => {
  const labels = labelsOf([2, 2]);
  const drawn = drawSplits(labels, inTrain(labels), { by: 'fraction', validation: 0.1, test: 0.01, seed: 0 });
  expect(splits.map((split) => drawn[split].length)).toEqual([2, 1, 1]);
});

test('50,000, 10,000 and 10,000 of 70,000 use every image', () => {
  const labels = labelsOf(Array.from({ length: 10 }, (_, label) => 7000 + (label % 2 === 0 ? 13 : -13)));
  const drawn = drawSplits(labels, inTrain(labels), {
    by: 'count',
    train: 50_000,
    validation: 10_000,
    test: 10_000,
    seed: 0,
  });
  expect(splits.map((split) => drawn[split].length)).toEqual([50_000, 10_000, 10_000]);
});

test('counts leave over what they do not ask for; training left open takes all', () => {
  const labels = labelsOf([50, 50]);
  const asked = { by: 'count', validation: 10, test: 20, seed: 3 } as const;
  const some = drawSplits(labels, inTrain(labels), { ...asked, train: 30 });
  expect(perClass(labels, some.train, 2)).toEqual([15, 15]);
  const all = drawSplits(labels, inTrain(labels), asked);
  expect(all.train).toHaveLength(70);
  expect([all.validation, all.test]).toEqual([some.validation, some.test]);
});

test('another seed draws other images, the same seed the same', () => {
  const labels = labelsOf([500, 500]);
  const draw = (seed: number) =>
    drawSplits(labels, inTrain(labels), { by: 'fraction', validation: 0.3, test: 0.2, seed });
  expect(draw(4)).toEqual(draw(4));
  expect(draw(4).test).not.toEqual(draw(5).test);
});

test.each<[string, readonly number[], Splitting]>([
  ['0.6 and 0.4 of the images', [10, 10], { by: 'fraction', validation: 0.6, test: 0.4, seed: 0 }],
  ['31 images are asked for, 20 are there', [10, 10], { by: 'count', train: 11, validation: 10, test: 10, seed: 0 }],
  ['21 images are asked for, 20 are there', [10, 10], { by: 'count', validation: 10, test: 10, seed: 0 }],
  ['no image would be left for training', [10, 10], { by: 'count', train: 0, validation: 5, test: 5, seed: 0 }],
  ['at most 2 can be held out', [2, 2, 1, 1], { by: 'fraction', validation: 0.5, test: 0, seed: 0 }],
  ['no image would be left for training', [1], { by: 'fraction', validation: 0, test: 0.6, seed: 0 }],
])('refused: %s', (problem, sizes, splitting) => {
  const labels = labelsOf(sizes);
  expect(() => drawSplits(labels, inTrain(labels), splitting)).toThrow(
    expect.objectContaining({
      code: 'data/splitting',
      details: { problem: expect.stringContaining(problem) as string },
    }),
  );
});

/** Sets of up to 12 classes, many of them tiny, in any order. */
function anySet(next: Generator): { labels: Uint16Array; sizes: number[] } {
  const sizes = Array.from({ length: 1 + below(next, 12) }, () =>
    below(next, 3) === 0 ? below(next, 4) : below(next, 200),
  );
  sizes[sizes.length - 1] ||= 2;
  const labels = labelsOf(sizes);
  for (let last = labels.length - 1; last > 0; last--) {
    const other = below(next, last + 1);
    [labels[last], labels[other]] = [labels[other]!, labels[last]!];
  }
  return { labels, sizes };
}

function anySplitting(next: Generator, n: number): Splitting {
  const seed = below(next, 1000);
  if (below(next, 2) === 0) {
    return { by: 'fraction', validation: below(next, 50) / 100, test: below(next, 50) / 100, seed };
  }
  const validation = below(next, n);
  const test = below(next, n);
  return { by: 'count', validation, test, seed, ...(below(next, 2) === 0 && { train: 1 + below(next, n) }) };
}

test('for any set: no image twice, ascending, each class trained, shares within one image, refusals with a problem', () => {
  let drawnOnce = 0;
  for (let round = 0; round < 600; round++) {
    const next = generator(round, 1);
    const { labels, sizes } = anySet(next);
    const splitting = anySplitting(next, labels.length);
    let drawn: ReturnType<typeof drawSplits>;
    try {
      drawn = drawSplits(labels, inTrain(labels), splitting);
    } catch (error) {
      expect(error, `round ${round}`).toMatchObject({ code: 'data/splitting' });
      continue;
    }
    drawnOnce++;
    const all = splits.flatMap((split) => [...drawn[split]]);
    expect(new Set(all).size, `round ${round}: an image twice`).toBe(all.length);
    for (const split of splits)
      expect([...drawn[split]].every((index, at, list) => at === 0 || list[at - 1]! < index)).toBe(true);
    if (splitting.by === 'count') {
      expect([drawn.validation.length, drawn.test.length]).toEqual([splitting.validation, splitting.test]);
      expect(drawn.train.length).toBe(splitting.train ?? labels.length - splitting.validation - splitting.test);
    } else expect(all.length).toBe(labels.length);
    const trained = perClass(labels, drawn.train, sizes.length);
    const present = sizes.filter((size) => size > 0).length;
    if (drawn.train.length >= present)
      expect(trained.every((count, label) => count > 0 || sizes[label] === 0)).toBe(true);
    const tested = perClass(labels, drawn.test, sizes.length);
    const roomy = sizes.every(
      (size) => size === 0 || size - 1 >= Math.ceil((size * drawn.test.length) / labels.length),
    );
    for (const [label, count] of tested.entries()) {
      if (roomy) expect(Math.abs(count - (sizes[label]! * drawn.test.length) / labels.length)).toBeLessThan(1);
    }
  }
  expect(drawnOnce).toBeGreaterThan(200);
});
