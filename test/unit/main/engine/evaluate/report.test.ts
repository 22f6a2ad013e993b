import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportOf } from '#engine/evaluate/report.ts';
import { softmax, softmaxAndLoss } from '#engine/evaluate/softmax.ts';

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
    expect(report.confusion).toEqual(expected.confusion);
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

test('softmax sums to 1 however large the logits are', () => {
  const p = softmax(Float32Array.of(1e4, 1e4 - 1, -1e4));
  expect(p[0]! + p[1]! + p[2]!).toBeCloseTo(1, 6);
  expect(p[0]).toBeCloseTo(Math.E / (1 + Math.E), 6);
});
