import { describe, expect, test } from 'vitest';
import type { ComparisonTable } from '#contract/comparison.ts';
import {
  bestOf,
  cellText,
  columnsOf,
  comparedRows,
  differenceText,
  figureTitle,
  settingTitle,
  type ColumnKind,
} from '#features/compare/compared-columns.ts';
import { comparedNamed, rowNamed, runNamed } from '#test/support/compared-rows.ts';

/** Texts as their keys. */
const t = (key: string, values?: Record<string, string | number>) =>
  values ? `${key}(${Object.values(values).join()})` : key;

const table: ComparisonTable = {
  runs: [
    comparedNamed('a', { final: { loss: 0.5, valLoss: 0.6 }, best: { valLoss: { value: 0.4, epoch: 2 } } }),
    comparedNamed('b', { final: { loss: 0.25, learningRate: 0.1 }, secondsPerEpoch: 2 }),
  ],
  settings: [
    { path: 'batchSize', values: [32, 64], differs: true },
    { path: 'shuffle', values: [true, true], differs: false },
  ],
};

describe('the columns', () => {
  const ids = (everything: boolean) => columnsOf(table, everything, t).map(({ id }) => id);

  test('are the settings that differ, figures, costs and words', () => {
    expect(ids(false)).toEqual([
      ...[
        'test.accuracy',
        'test.loss',
        'setting.batchSize',
        'final.loss',
        'final.valLoss',
        'best.valLoss',
        'bestEpoch.valLoss',
      ],
      ...['parameters', 'epochs', 'secondsPerEpoch', 'seconds', 'size', 'overfits'],
      ...['state', 'created', 'tags', 'notes'],
    ]);
    expect(ids(true)).toContain('setting.shuffle');
  });

  test('say what each run has, and nothing where it has none', () => {
    const [a, b] = comparedRows([runNamed('a', { tags: ['x', 'y'] }), runNamed('b')], table);
    const value = (id: string, row = a!) =>
      columnsOf(table, true, t)
        .find((one) => one.id === id)
        ?.value(row);
    expect(value('setting.batchSize')).toBe(32);
    expect(value('setting.batchSize', b)).toBe(64);
    expect(value('setting.shuffle')).toBe('true');
    expect(value('best.valLoss')).toBe(0.4);
    expect(value('bestEpoch.valLoss')).toBe(2);
    expect(value('best.valLoss', b)).toBeNull();
    expect(value('secondsPerEpoch')).toBeNull();
    expect(value('tags')).toBe('x, y');
    expect(value('notes')).toBeNull();
  });

  test('are empty for a run of which the engine has not told yet', () => {
    const [row] = comparedRows([runNamed('new')], table);
    const values = columnsOf(table, false, t).map((column) => [column.id, column.value(row!)]);
    expect(Object.fromEntries(values)).toMatchObject({ 'setting.batchSize': null, 'final.loss': null, size: null });
  });
});

test.each([
  ['valAccuracy', 'compare.figures.valAccuracy'],
  ['metrics.top_5', 'train.metrics.top_5'],
  ['valMetrics.top_5', 'compare.heldOut(train.metrics.top_5)'],
  ['outputs.aux1.loss', 'train.curves.outputLoss(aux1)'],
  ['valOutputs.aux1.accuracy', 'compare.heldOut(train.curves.outputAccuracy(aux1))'],
])('the figure %s is called %s', (figure, title) => {
  expect(figureTitle(figure, t)).toBe(title);
});

test('a setting without a name of its own is told by its path', () => {
  expect(settingTitle('optimizer.rho', t)).toBe('optimizer.rho');
  expect(settingTitle('optimizer.rho', () => 'ρ')).toBe('ρ');
});

test.each([
  ['part', 0.98765, '98.77 %'],
  ['loss', 0.123456, '0.1235'],
  ['setting', 0.00001, '1e-5'],
  ['setting', 60_000, '60,000'],
  ['count', 1_199_882, '1.20 M'],
  ['seconds', 100, '1 min 40 s'],
  ['bytes', 2 ** 21, '2.00 MB'],
  ['text', 'done', 'done'],
  ['loss', null, '–'],
] as [ColumnKind, number | string | null, string][])('as %s, %s is written %s', (kind, value, text) => {
  expect(cellText(kind, value, 'en')).toBe(text);
});

test.each([
  ['part', 0.9, 0.95, '−5.00'],
  ['loss', 0.5, 0.25, '+0.2500'],
  ['seconds', 30, 20, '×1.5'],
  ['count', 500, 1000, '×0.5'],
  ['count', 5, 0, ''],
  ['loss', 0.5, 0.5, ''],
  ['setting', 64, 32, ''],
  ['part', null, 0.5, ''],
  ['text', 'a', 'b', ''],
] as [ColumnKind, number | string | null, number | string | null, string][])(
  'as %s, %s stands to %s as "%s"',
  (kind, value, reference, text) => {
    expect(differenceText(kind, value, reference)).toBe(text);
  },
);

test('the best is the lowest loss, the highest share, and nothing where all are alike', () => {
  const rows = [
    rowNamed('a', {}, { final: { loss: 1, accuracy: 0.5 } }),
    rowNamed('b', {}, { final: { loss: 2, accuracy: 0.75 } }),
  ];
  const all = columnsOf({ ...table, runs: rows.map(({ compared }) => compared!) }, false, t);
  const best = (id: string) =>
    bestOf(
      all.find((one) => one.id === id)!,
      rows,
    );
  expect(best('final.loss')).toBe(1);
  expect(best('final.accuracy')).toBe(0.75);
  expect(best('size')).toBeNull();
  expect(best('epochs')).toBeNull();
});
