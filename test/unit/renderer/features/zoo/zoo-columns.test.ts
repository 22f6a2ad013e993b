import { expect, test } from 'vitest';
import type { ZooEntry } from '#contract/zoo.ts';
import { sorted, zooColumns } from '#features/zoo/zoo-columns.ts';

const entry = (id: string, megabytes: number, more: Partial<ZooEntry> = {}): ZooEntry => ({
  ...{ id, name: id.toUpperCase(), family: 'f', megabytes, top1: 0.7, top5: 0.9, parameters: megabytes * 250_000 },
  ...{ depth: 5, height: 224, width: 224, preprocessing: 'none', source: '', here: 'no', download: 0 },
  ...more,
});
const ids = (entries: readonly ZooEntry[]) => entries.map(({ id }) => id).join('');

test('every column sorts both ways', () => {
  const entries = [entry('b', 20, { top1: 0.8 }), entry('a', 30), entry('c', 10, { top1: 0.6 })];
  expect(ids(sorted(entries, { column: 'name', down: false }))).toBe('abc');
  expect(ids(sorted(entries, { column: 'size', down: false }))).toBe('cba');
  expect(ids(sorted(entries, { column: 'size', down: true }))).toBe('abc');
  expect(ids(sorted(entries, { column: 'top1', down: true }))).toBe('bac');
  expect(zooColumns).toHaveLength(9);
});

test('what has no figure comes last either way', () => {
  const milliseconds = { one: 5, eight: 3, device: 'x', measured: '' };
  const entries = [entry('a', 10), entry('b', 30, { milliseconds }), entry('c', 20)];
  expect(ids(sorted(entries, { column: 'one', down: false }))).toBe('bac');
  expect(ids(sorted(entries, { column: 'one', down: true }))).toBe('bac');
});

test('what is inside comes before what was fetched, and that before the rest', () => {
  const entries = [entry('a', 1), entry('b', 2, { here: 'inside' }), entry('c', 3, { here: 'cache' })];
  expect(ids(sorted(entries, { column: 'here', down: true }))).toBe('bca');
});
