import { expect, test } from 'vitest';
import { checkedClassCount } from '#engine/data/class-count.ts';

test.each([
  ['digits', [0, 1, 9], 10],
  ['a few of ten', [3], 4],
  ['letters without a first', [1, 2, 3, 26, ...Array.from({ length: 20 }, (_, at) => at + 4)], 27],
])('%s', (_, labels, count) => expect(checkedClassCount(new Map([['a', Uint8Array.from(labels)]]))).toBe(count));

test('over several files, of bytes or wider', () => {
  const many = Uint16Array.from({ length: 1000 }, (_, label) => label);
  expect(
    checkedClassCount(
      new Map<string, Uint8Array | Uint16Array>([
        ['a', Uint8Array.of(0)],
        ['b', many],
      ]),
    ),
  ).toBe(1000);
});

test('a label far from the others is taken for damage, and named', () => {
  const labels = new Map([
    ['train', Uint8Array.of(0, 1, 2)],
    ['test', Uint8Array.of(1, 200)],
  ]);
  expect(() => checkedClassCount(labels)).toThrow(
    expect.objectContaining({
      code: 'data/label-range',
      details: { file: 'test', index: 1, label: 200, classes: 4 },
    }),
  );
});
