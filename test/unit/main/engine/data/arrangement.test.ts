import { expect, test } from 'vitest';
import type { Split, Splitting } from '#contract/data.ts';
import { arrange, originOf, type Given } from '#engine/data/arrangement.ts';
import type { Edit } from '#engine/data/edits.ts';
import { MemorySource } from '#engine/data/memory-source.ts';
import { OpenedSet } from '#engine/data/opened-set.ts';
import { dataRecord } from '#engine/data/record.ts';

/** Five images of one pixel, whose value is ten times their index, labels 0, 1, 2, 0, 1; and one to test. */
const given = {
  classes: ['a', 'b', 'c'],
  superclasses: { names: ['left', 'right'], of: [0, 0, 1] },
  sources: new Map([
    ['train', new MemorySource(Uint8Array.of(0, 10, 20, 30, 40), Uint16Array.of(0, 1, 2, 0, 1))] as const,
    ['test', new MemorySource(Uint8Array.of(7), Uint16Array.of(0))] as const,
  ]),
} satisfies Given;

const train = 'train' as const;
const out = (index: number): Edit => ({ kind: 'exclude', split: train, index });
const as = (index: number, label: number): Edit => ({ kind: 'relabel', split: train, index, label });
const merge = (classes: number[], name: string): Edit => ({ kind: 'merge-classes', classes, name });
const drop = (...classes: number[]): Edit => ({ kind: 'exclude-classes', classes });
const images = (...indices: number[]) => indices.map((index) => ({ split: train, index }));

function opened(edits: readonly Edit[], splitting?: Splitting): OpenedSet {
  const facts = { version: 1, id: 'small', name: 'Small', kind: 'idx', created: '', height: 1, width: 1, channels: 1 };
  const record = { ...facts, classes: given.classes, content: 'x', given: { train: 5, test: 1 }, edits, splitting };
  return new OpenedSet(dataRecord.parse(record), given);
}

function after(edits: readonly Edit[], split: Split = train) {
  const source = opened(edits).source(split);
  const pixels = new Uint8Array(source?.count ?? 0);
  source?.read([...pixels.keys()], pixels);
  return { labels: [...(source?.labels ?? [])], pixels: [...pixels] };
}

test.each([
  { title: 'no edit changes nothing', edits: [], labels: [0, 1, 2, 0, 1], pixels: [0, 10, 20, 30, 40] },
  { title: 'an image left out is not there', edits: [out(1)], labels: [0, 2, 0, 1], pixels: [0, 20, 30, 40] },
  { title: 'a label is another', edits: [as(2, 0)], labels: [0, 1, 0, 0, 1], pixels: [0, 10, 20, 30, 40] },
  { title: 'the last label counts', edits: [as(2, 0), as(2, 1)], labels: [0, 1, 1, 0, 1], pixels: [0, 10, 20, 30, 40] },
  { title: 'left out twice is out once', edits: [out(4), out(4)], labels: [0, 1, 2, 0], pixels: [0, 10, 20, 30] },
  { title: 'both at once', edits: [as(3, 2), out(0)], labels: [1, 2, 2, 1], pixels: [10, 20, 30, 40] },
  {
    title: 'several images at once',
    edits: [{ kind: 'relabel-images', images: images(0, 3), label: 2 } as const],
    labels: [2, 1, 2, 2, 1],
    pixels: [0, 10, 20, 30, 40],
  },
  {
    title: 'several images left out',
    edits: [{ kind: 'exclude-images', images: images(0, 4) } as const],
    labels: [1, 2, 0],
    pixels: [10, 20, 30],
  },
  {
    title: 'classes merged into the first',
    edits: [merge([2, 0], 'ac')],
    labels: [0, 1, 0, 0, 1],
    pixels: [0, 10, 20, 30, 40],
  },
  { title: 'a class left out, the next moves up', edits: [drop(0)], labels: [0, 1, 0], pixels: [10, 20, 40] },
  {
    title: 'labels speak of the classes as they were then',
    edits: [drop(0), as(2, 0)],
    labels: [0, 0, 0],
    pixels: [10, 20, 40],
  },
])('$title', ({ edits, labels, pixels }) => expect(after(edits)).toEqual({ labels, pixels }));

test('names and groups of classes follow merges, renames and classes left out', () => {
  const renamed: Edit = { kind: 'rename-classes', classes: ['x', 'y', 'z'] };
  const merged = arrange(given, [renamed, merge([1, 2], 'yz')]);
  expect(merged.classes).toEqual(['x', 'yz']);
  expect(merged.superclasses?.of).toEqual([0, 0]);
  const dropped = arrange(given, [drop(0, 1)]);
  expect(dropped.classes).toEqual(['c']);
  expect(dropped.superclasses?.of).toEqual([1]);
});

test('another split and the files are as they were', () => {
  expect(after([out(0), as(1, 2)], 'test')).toEqual({ labels: [0], pixels: [7] });
  expect([...(given.sources.get('train')?.labels ?? [])]).toEqual([0, 1, 2, 0, 1]);
});

test('corrections after the splits were drawn leave every other image in its split', () => {
  const splitting = { by: 'count', validation: 1, test: 1, seed: 3 } as const;
  const placesOf = (edits: Edit[], drawnAfter?: number) =>
    Object.fromEntries(
      [...arrange(given, edits, splitting, drawnAfter).splits].map(([name, { places }]) => [name, [...places]]),
    );
  const before = placesOf([]);
  expect(placesOf([as(0, 2), as(3, 1)])).toEqual(before);
  const without = Object.fromEntries(
    Object.entries(before).map(([name, places]) => [name, places.filter((at) => at !== 4)]),
  );
  expect(placesOf([out(4)])).toEqual(without);
  // Drawn after it, they have the sizes that were asked for again.
  expect(placesOf([out(4)], 1)).toMatchObject({ validation: { length: 1 }, test: { length: 1 }, train: { length: 3 } });
});

test('a place of the set leads to its index in the file, across drawn splits too', () => {
  const edited = opened([out(1), out(3)]);
  expect([0, 1, 2, 3].map((place) => edited.origin(train, place)?.index)).toEqual([0, 2, 4, undefined]);
  const splitting = { by: 'count', validation: 1, test: 1, seed: 3 } as const;
  const drawn = opened([out(1)], splitting);
  const { splits } = arrange(given, [out(1)], splitting);
  const seen = [...splits].flatMap(([split, { places }]) =>
    [...places.keys()].map((place) => {
      const source = drawn.source(split);
      const pixel = new Uint8Array(1);
      source?.read([place], pixel);
      const origin = originOf(given, arrange(given, [out(1)], splitting), split, place);
      expect(drawn.origin(split, place)).toEqual(origin);
      const file = new Uint8Array(1);
      if (origin) given.sources.get(origin.split as 'train')?.read([origin.index], file);
      expect(pixel).toEqual(file);
      return pixel[0];
    }),
  );
  expect(seen.sort((a = 0, b = 0) => a - b)).toEqual([0, 7, 20, 30, 40]);
  expect(drawn.source('validation')?.count).toBe(1);
  expect(drawn.source('test')?.count).toBe(1);
});

test('reading a place that is not there is a fault', () => {
  expect(() =>
    opened([out(0)])
      .source(train)
      ?.read([4], new Uint8Array(1)),
  ).toThrow(RangeError);
});
