import { expect, test } from 'vitest';
import { applyEdits, excludedCount, originalIndex, type Edit } from '#engine/data/edits.ts';
import { MemorySource } from '#engine/data/idx-data-set.ts';

/** Five images of one pixel, whose value is ten times their index; labels 0, 1, 2, 0, 1. */
const sources = new Map([
  ['train', new MemorySource(Uint8Array.of(0, 10, 20, 30, 40), Uint16Array.of(0, 1, 2, 0, 1))] as const,
  ['test', new MemorySource(Uint8Array.of(7), Uint16Array.of(0))] as const,
]);

const out = (index: number): Edit => ({ kind: 'exclude', split: 'train', index });
const as = (index: number, label: number): Edit => ({ kind: 'relabel', split: 'train', index, label });

function after(edits: Edit[]) {
  const source = applyEdits(sources, edits).get('train');
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
])('$title', ({ edits, labels, pixels }) => expect(after(edits)).toEqual({ labels, pixels }));

test('another split and the files are as they were', () => {
  const edited = applyEdits(sources, [out(0), as(1, 2)]);
  expect(edited.get('test')).toBe(sources.get('test'));
  expect([...(sources.get('train')?.labels ?? [])]).toEqual([0, 1, 2, 0, 1]);
});

test('a place of the edited split leads to its index in the file', () => {
  const edits = [out(1), out(3)];
  expect([0, 1, 2, 3].map((place) => originalIndex('train', place, 5, edits))).toEqual([0, 2, 4, undefined]);
  expect(originalIndex('test', 0, 1, edits)).toBe(0);
  expect(excludedCount('train', edits)).toBe(2);
});

test('reading a place that is not there is a fault', () => {
  const source = applyEdits(sources, [out(0)]).get('train');
  expect(() => source?.read([4], new Uint8Array(1))).toThrow(RangeError);
});
