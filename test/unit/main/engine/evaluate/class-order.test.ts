import { expect, test } from 'vitest';
import type { DataSet } from '#engine/data/data-set.ts';
import { classOrder, reordered } from '#engine/evaluate/class-order.ts';
import { asInputs } from '#engine/evaluate/fitting.ts';
import type { Judgeable } from '#engine/predict/trained.ts';

const dataOf = (...classes: string[]) =>
  ({ classes, summary: { name: 'Pets' }, height: 2, width: 4, channels: 1 }) as unknown as DataSet;

const animals = [{ label: 'tabby, tabby cat', id: 'n1' }, { label: 'Border collie', id: 'n2' }, { label: 'hen' }];
const model = {
  ...{ id: 'zoo', name: 'Zoo', classes: animals.map(({ label }) => label), settings: {} },
  named: { classes: animals, fit: 'crop' },
} as unknown as Judgeable;

test.each([
  ['labels in any case', ['border_collie', 'TABBY CAT'], [1, 0, 2]],
  ['ids', ['n2', 'n1'], [1, 0, 2]],
  ['a single one', ['hen'], [2, 0, 1]],
] as const)('a model that was trained elsewhere knows classes by %s', (_, names, outputs) => {
  const order = classOrder(model, dataOf(...names));
  expect([...(order.outputs ?? [])]).toEqual(outputs);
  expect(order.classes.slice(0, names.length)).toEqual(names);
  expect([...reordered(Float32Array.of(10, 11, 12, 20, 21, 22), order)]).toEqual([
    ...outputs.map((output) => 10 + output),
    ...outputs.map((output) => 20 + output),
  ]);
});

test('with none of its names but as many classes, numbers count', () => {
  expect(classOrder(model, dataOf('a', 'b', 'c'))).toEqual({ classes: ['a', 'b', 'c'], outputs: null });
});

test.each([
  [['hen', 'dodo'], 'dodo'],
  [['a', 'b'], 'a'],
] as const)('of %j it does not know %s, and says so', (names, unknown) => {
  expect(() => classOrder(model, dataOf(...names))).toThrow(
    expect.objectContaining({ code: 'evaluate/classes-differ', details: expect.objectContaining({ class: unknown }) }),
  );
});

test('a run keeps the classes that it was told', () => {
  const { named: _, ...run } = model;
  expect(classOrder(run, dataOf('x'))).toEqual({ classes: model.classes, outputs: null });
});

test('images of another size are fitted for it, not for a run', () => {
  const pixels = Uint8Array.of(9, 1, 2, 9, 9, 3, 4, 9);
  const size = { height: 2, width: 2, channels: 3 };
  expect([...asInputs(pixels, dataOf(), size, model)]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  const { named: _, ...run } = model;
  expect(asInputs(pixels, dataOf(), size, run)).toBe(pixels);
});
