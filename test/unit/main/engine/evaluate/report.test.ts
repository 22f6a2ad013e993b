import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportOf } from '#engine/evaluate/report.ts';
import { softmax, softmaxAndLoss } from '#engine/predict/softmax.ts';

interface Case {
  name: string;
  classes: number;
  logits: number[];
  labels: number[];
  loss: number;
  accuracy: number;
  top5: number | null;
  perClass: number[][];
  macro: number[];
  weighted: number[];
  confusion: number[][];
}

// Made by test/fixtures/evaluate/make_report.py with Keras and scikit-learn.
const file = new URL('../../../../fixtures/evaluate/report.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

function outcomeOf({ classes, logits, labels }: Pick<Case, 'classes' | 'logits' | 'labels'>) {
  const probabilities = new Float32Array(logits.length);
  const losses = new Float64Array(labels.length);
  softmaxAndLoss(Float32Array.from(logits), labels, 0, probabilities, losses);
  return {
    probabilities,
    losses,
    labels: Uint16Array.from(labels),
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
  };
}

describe.each(cases)('$name', (expected) => {
  const outcome = outcomeOf(expected);
  const report = reportOf(outcome);

  test('loss, accuracy and top-5 are those of Keras', () => {
    expect(report.count).toBe(expected.labels.length);
    expect(Math.abs(report.loss / expected.loss - 1)).toBeLessThan(1e-5);
    expect(report.accuracy).toBeCloseTo(expected.accuracy, 6);
    if (expected.top5 === null) expect(report).not.toHaveProperty('top5');
    else expect(report.top5).toBeCloseTo(expected.top5, 6);
  });

  test('precision, recall, F1, support and confusion are those of scikit-learn', () => {
    report.perClass.forEach(({ precision, recall, f1, support }, k) => {
      [precision, recall, f1, support].forEach((value, i) => expect(value).toBeCloseTo(expected.perClass[k]![i]!, 12));
    });
    for (const mean of ['macro', 'weighted'] as const) {
      const { precision, recall, f1 } = report[mean];
      [precision, recall, f1].forEach((value, i) => expect(value).toBeCloseTo(expected[mean][i]!, 12));
    }
    const full = expected.confusion.map((row) => row.map(() => 0));
    for (const [row, column, count] of report.confusion.cells) full[row]![column] = count;
    expect(full).toEqual(expected.confusion);
    expect(report.confusion.cells.every(([, , count]) => count > 0)).toBe(true);
  });

  test('the most incorrect are the wrong ones, highest loss first', () => {
    const wrong = report.mostIncorrect;
    expect(wrong).toHaveLength(Math.round(report.count * (1 - report.accuracy)));
    for (const [i, { index, predicted, loss, probability, trueProbability }] of wrong.entries()) {
      expect(predicted).not.toBe(expected.labels[index]);
      expect(loss).toBe(outcome.losses[index]);
      expect(probability).toBeGreaterThanOrEqual(trueProbability);
      if (i > 0) expect(loss).toBeLessThanOrEqual(wrong[i - 1]!.loss);
      expect(Number.isFinite(loss)).toBe(true);
    }
  });
});

test('rows that are not the first images keep their own index', () => {
  const outcome = outcomeOf({ classes: 2, logits: [3, 0, 3, 0, 0, 9], labels: [0, 1, 0] });
  const report = reportOf({ ...outcome, indices: Uint32Array.of(10, 11, 12) });
  expect(report.mostIncorrect.map(({ index }) => index)).toEqual([12, 11]);
  expect(report.mostIncorrect[0]).not.toHaveProperty('file');
  const named = reportOf({ ...outcome, indices: Uint32Array.of(10, 11, 12), file: (index) => `cats/${index}.png` });
  expect(named.mostIncorrect.map(({ file }) => file)).toEqual(['cats/12.png', 'cats/11.png']);
});

test('at most a hundred of the most incorrect are listed', () => {
  const images = 250;
  const logits = Array.from({ length: images }, (_, i) => [i, 0]).flat();
  const report = reportOf(outcomeOf({ classes: 2, logits, labels: new Array<number>(images).fill(1) }));
  expect(report.mostIncorrect).toHaveLength(100);
  expect(report.mostIncorrect[0]?.index).toBe(249);
});

test('nothing to measure, and a label beyond the classes, fail', () => {
  expect(() => reportOf(outcomeOf({ classes: 2, logits: [], labels: [] }))).toThrow(
    expect.objectContaining({ code: 'train/no-images' }),
  );
  const outcome = outcomeOf({ classes: 2, logits: [1, 0], labels: [0] });
  expect(() => reportOf({ ...outcome, labels: Uint16Array.of(7) })).toThrow(
    expect.objectContaining({ code: 'data/label-range' }),
  );
});

test('a thousand classes and 50,000 images: cells in order, as many as there are, and quickly', () => {
  const classes = 1000;
  const images = 50_000;
  const probabilities = new Float32Array(images * classes);
  const labels = Uint16Array.from({ length: images }, (_, i) => i % classes);
  for (let i = 0; i < images; i++) probabilities[i * classes + (i % 5 === 0 ? (i * 7) % classes : i % classes)] = 1;
  const names = Array.from({ length: classes }, (_, k) => String(k));
  const started = performance.now();
  const report = reportOf({ probabilities, losses: new Float64Array(images), labels, classes: names });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(report.confusion.classes).toBe(classes);
  const places = report.confusion.cells.map(([row, column]) => row * classes + column);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(report.confusion.cells.reduce((sum, [, , count]) => sum + count, 0)).toBe(images);
  expect(JSON.stringify(report).length).toBeLessThan(200_000);
});

test('softmax sums to 1 however large the logits are', () => {
  const p = softmax(Float32Array.of(1e4, 1e4 - 1, -1e4));
  expect(p[0]! + p[1]! + p[2]!).toBeCloseTo(1, 6);
  expect(p[0]).toBeCloseTo(Math.E / (1 + Math.E), 6);
});
