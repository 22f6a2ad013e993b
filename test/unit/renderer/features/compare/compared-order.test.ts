import { describe, expect, test } from 'vitest';
import type { Column } from '#features/compare/compared-columns.ts';
import { matches, ordered } from '#features/compare/compared-order.ts';
import { rowNamed } from '#test/support/compared-rows.ts';

describe('a run is found', () => {
  const row = rowNamed('wide net', { tags: ['paper'], notes: 'Learns fast', presetName: 'VGG-16' });

  test.each([
    ['', true],
    ['WIDE', true],
    ['vgg fast', true],
    ['paper  mnist', true],
    ['vgg slow', false],
  ])('by the words "%s": %s', (text, found) => {
    expect(matches(row, { text, tag: '', dataset: '' })).toBe(found);
  });

  test.each([
    [{ tag: 'paper', dataset: 'mnist' }, true],
    [{ tag: 'pap', dataset: '' }, false],
    [{ tag: '', dataset: 'cifar-10' }, false],
  ])('by its tag and its data: %s', (where, found) => {
    expect(matches(row, { text: '', ...where })).toBe(found);
  });
});

describe('rows are in order', () => {
  const values: Record<string, number | string | null> = { a: 2, b: null, c: 10, d: 1 };
  const rows = Object.keys(values).map((id) => rowNamed(id));
  const column: Column = {
    ...{ id: 'x', title: '', group: 'figure', kind: 'loss' },
    value: ({ run }) => values[run.id] ?? null,
  };
  const ids = (down: boolean, pinned: string[] = [], by: Column | undefined = column) =>
    ordered(rows, { column: by, down, pinned: new Set(pinned) })
      .map(({ run }) => run.id)
      .join('');

  test.each([
    [false, 'dacb'],
    [true, 'cadb'],
  ])('of their values, downwards %s, and what has none is last', (down, expected) => {
    expect(ids(down)).toBe(expected);
  });

  test('with the pinned ones on top, in the same order', () => {
    expect(ids(false, ['c', 'b'])).toBe('cbda');
  });

  test('as they come where nothing is said', () => {
    expect(ordered(rows, { column: undefined, down: false, pinned: new Set() }).map(({ run }) => run.id)).toEqual([
      ...'abcd',
    ]);
  });

  test('numbers in words by their size', () => {
    const named: Column = {
      ...column,
      value: ({ run }) => ({ a: 'net 10', b: 'net 9', c: 'net 1', d: null })[run.id] ?? null,
    };
    expect(ids(false, [], named)).toBe('cbad');
  });
});
