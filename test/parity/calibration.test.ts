import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Calibration } from '#contract/evaluation.ts';
import { calibrationOf } from '#engine/evaluate/calibration.ts';
import { judge } from '#engine/evaluate/judged.ts';
import { predictedClasses } from '#engine/evaluate/report.ts';
import { thresholdsOf } from '#engine/evaluate/thresholds.ts';

interface Binned {
  bins: [count: number, confidence: number, accuracy: number][];
  expectedError: number;
  maximumError: number;
}
interface Case {
  name: string;
  classes: number;
  probabilities: number[];
  labels: number[];
  brier: number;
  equalWidth: Binned;
  adaptive: Binned;
  chosen: number;
  averagePrecision: number;
  auc: number;
  precisionRecall: [recall: number[], precision: number[]];
  roc: [falsePositive: number[], truePositive: number[]];
  levels: Record<string, { coverage: number; accuracy: number | null; precision: number | null; recall: number }>;
}

// Made by test/fixtures/evaluate/make_calibration.py with NumPy and scikit-learn.
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/evaluate/calibration.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

describe.each(cases)('$name', (expected) => {
  const probabilities = Float32Array.from(expected.probabilities);
  const predicted = predictedClasses(probabilities, expected.classes);
  const { classes } = expected;
  const judged = judge({ revision: '', predicted, probabilities, classes }, Uint16Array.from(expected.labels));
  const found = calibrationOf(judged);
  const { one, ...whole } = thresholdsOf(judged, expected.chosen);

  test.each(['equalWidth', 'adaptive'] as const)('%s bins and their errors are those of NumPy', (kind) => {
    const { bins, expectedError, maximumError }: Calibration['adaptive'] = found[kind];
    expect(bins.map(({ count }) => count)).toEqual(expected[kind].bins.map(([count]) => count));
    bins.forEach(({ confidence, accuracy }, i) => {
      expect(confidence).toBeCloseTo(expected[kind].bins[i]![1], 6);
      expect(accuracy).toBeCloseTo(expected[kind].bins[i]![2], 9);
    });
    expect(expectedError).toBeCloseTo(expected[kind].expectedError, 6);
    expect(maximumError).toBeCloseTo(expected[kind].maximumError, 6);
  });

  test('the Brier score is the mean squared distance from the truth', () => {
    expect(found.brier).toBeCloseTo(expected.brier, 6);
  });

  test('average precision and area under the ROC curve are those of scikit-learn', () => {
    expect(one!.averagePrecision).toBeCloseTo(expected.averagePrecision, 9);
    expect(one!.auc).toBeCloseTo(expected.auc, 9);
  });

  test('the curves are those of scikit-learn, point by point', () => {
    const close = (ours: number[], theirs: number[]) => {
      expect(ours).toHaveLength(theirs.length);
      ours.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, 9));
    };
    close(one!.precisionRecall.recall, expected.precisionRecall[0]);
    close(one!.precisionRecall.precision, expected.precisionRecall[1]);
    close(one!.roc.falsePositive, expected.roc[0]);
    close(one!.roc.truePositive, expected.roc[1]);
  });

  test.each(Object.entries(expected.levels))('from %s on: coverage, accuracy, precision, recall', (level, figures) => {
    const place = whole.thresholds.indexOf(Number(level));
    expect(whole.coverage[place]).toBeCloseTo(figures.coverage, 9);
    expect(one!.recall[place]).toBeCloseTo(figures.recall, 9);
    for (const [ours, theirs] of [
      [whole.accuracy[place]!, figures.accuracy],
      [one!.precision[place]!, figures.precision],
    ] as const) {
      if (theirs === null) expect(ours).toBeNull();
      else expect(ours).toBeCloseTo(theirs, 9);
    }
  });
});
