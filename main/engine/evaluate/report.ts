import type { ClassReport, ConfusionMatrix, EvaluationReport } from '#contract/evaluation.ts';
import { AppError } from '#contract/failures.ts';
import { confusionOf, marginsOf } from './confusion.ts';

/** What a network said about some images, row by row. */
export interface Outcome {
  /** [image, class], each row sums to 1. */
  readonly probabilities: Float32Array;
  /** Cross-entropy of each image, natural logarithm. */
  readonly losses: Float64Array;
  /** True class of each image. */
  readonly labels: Uint16Array;
  readonly classes: readonly string[];
  /** Index within the split of each row; absent when rows are the split's first images in order. */
  readonly indices?: Uint32Array;
  /** argmax of each row, where the caller has it already. */
  readonly predicted?: Uint16Array;
  /** The name of an image's file, by index within the split. */
  readonly file?: (index: number) => string | undefined;
}

export type ReportNumbers = Pick<
  EvaluationReport,
  'count' | 'loss' | 'accuracy' | 'top5' | 'perClass' | 'macro' | 'weighted' | 'confusion' | 'mostIncorrect'
>;

/** The list of most incorrect images ends here. */
const worstListed = 100;

/**
 * The figures of one evaluation, as Keras (loss, accuracy, top-5) and scikit-learn (`classification_report` and
 * `confusion_matrix` over all classes, `zero_division=0`) give them.
 */
export function reportOf(outcome: Outcome): ReportNumbers {
  const { labels, classes, losses } = outcome;
  const count = labels.length;
  if (count === 0) {
    throw new AppError('train/no-images', 'There is no image to measure; expected at least one.', { count: 0 });
  }
  const predicted = outcome.predicted ?? predictedClasses(outcome.probabilities, classes.length);
  const confusion = confusionOf(labels, predicted, classes.length);
  const perClass = classReports(confusion, classes);
  const right = confusion.cells.reduce((sum, [row, column, n]) => sum + (row === column ? n : 0), 0);
  return {
    count,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / count,
    accuracy: right / count,
    ...(classes.length > 5 ? { top5: topAccuracy(outcome.probabilities, labels, classes.length, 5) } : {}),
    perClass,
    macro: averageOf(perClass, () => 1),
    weighted: averageOf(perClass, (report) => report.support),
    confusion,
    mostIncorrect: mostIncorrect(outcome, predicted),
  };
}

/** argmax of each row; the first class wins a tie, as in NumPy and TensorFlow. */
export function predictedClasses(probabilities: Float32Array, classes: number): Uint16Array {
  const predicted = new Uint16Array(probabilities.length / classes);
  for (let row = 0; row < predicted.length; row++) {
    let best = 0;
    let highest = at(probabilities, row * classes);
    for (let k = 1; k < classes; k++) {
      const p = at(probabilities, row * classes + k);
      if (p <= highest) continue;
      best = k;
      highest = p;
    }
    predicted[row] = best;
  }
  return predicted;
}

function classReports(confusion: ConfusionMatrix, classes: readonly string[]): ClassReport[] {
  const { rows, columns, hits } = marginsOf(confusion);
  return classes.map((name, k) => {
    const support = at(rows, k);
    const named = at(columns, k);
    return {
      class: name,
      precision: ratio(at(hits, k), named),
      recall: ratio(at(hits, k), support),
      f1: ratio(2 * at(hits, k), named + support),
      support,
    };
  });
}

function averageOf(reports: readonly ClassReport[], weight: (report: ClassReport) => number) {
  const total = reports.reduce((sum, report) => sum + weight(report), 0);
  const mean = (value: (report: ClassReport) => number) =>
    ratio(
      reports.reduce((sum, report) => sum + value(report) * weight(report), 0),
      total,
    );
  return { precision: mean((r) => r.precision), recall: mean((r) => r.recall), f1: mean((r) => r.f1) };
}

/** The true class counts as found unless k others are strictly more probable (TensorFlow's `in_top_k`). */
function topAccuracy(probabilities: Float32Array, labels: Uint16Array, classes: number, k: number): number {
  let found = 0;
  labels.forEach((label, row) => {
    const own = at(probabilities, row * classes + label);
    let above = 0;
    for (let other = 0; other < classes; other++) if (at(probabilities, row * classes + other) > own) above++;
    if (above < k) found++;
  });
  return found / labels.length;
}

function mostIncorrect(outcome: Outcome, predicted: Uint16Array): ReportNumbers['mostIncorrect'] {
  const { labels, losses, probabilities, classes } = outcome;
  const wrong: number[] = [];
  labels.forEach((label, row) => {
    if (predicted[row] !== label) wrong.push(row);
  });
  wrong.sort((a, b) => at(losses, b) - at(losses, a) || a - b);
  return wrong.slice(0, worstListed).map((row) => {
    const index = outcome.indices ? at(outcome.indices, row) : row;
    const file = outcome.file?.(index);
    return {
      index,
      ...(file === undefined ? {} : { file }),
      true: at(labels, row),
      predicted: at(predicted, row),
      probability: at(probabilities, row * classes.length + at(predicted, row)),
      trueProbability: at(probabilities, row * classes.length + at(labels, row)),
      loss: at(losses, row),
    };
  });
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const at = (values: ArrayLike<number>, index: number) => values[index] ?? 0;
