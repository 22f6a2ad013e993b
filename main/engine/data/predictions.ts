import type { ImageItem } from '#contract/data.ts';
import type { Predictions } from './data-set.ts';

/** Keras' epsilon: a probability below it counts as it, so that a loss is finite. */
const leastProbability = 1e-7;

type Figures = Required<Pick<ImageItem, 'predicted' | 'probability' | 'trueProbability' | 'loss'>>;

/** A run's predictions, asked by image instead of by row. */
export class PredictionTable {
  readonly #predictions: Predictions;
  /** Row of each image; absent when rows are images. */
  readonly #rows: ReadonlyMap<number, number> | null;

  constructor(predictions: Predictions) {
    this.#predictions = predictions;
    const { indices } = predictions;
    this.#rows = indices ? new Map(Array.from(indices, (index, row) => [index, row])) : null;
  }

  /** Undefined for an image that the run's report does not cover. */
  row(index: number): number | undefined {
    if (this.#rows) return this.#rows.get(index);
    return index < this.#predictions.predicted.length ? index : undefined;
  }

  predicted(row: number): number {
    return this.#predictions.predicted[row] ?? 0;
  }

  probability(row: number, label: number): number {
    return this.#predictions.probabilities[row * this.#predictions.classes + label] ?? 0;
  }

  /** Cross-entropy, natural logarithm. */
  loss(row: number, label: number): number {
    return -Math.log(Math.max(this.probability(row, label), leastProbability));
  }

  figures(index: number, label: number): Figures | undefined {
    const row = this.row(index);
    if (row === undefined) return undefined;
    const predicted = this.predicted(row);
    return {
      predicted,
      probability: this.probability(row, predicted),
      trueProbability: this.probability(row, label),
      loss: this.loss(row, label),
    };
  }

  probabilities(index: number): number[] | undefined {
    const row = this.row(index);
    if (row === undefined) return undefined;
    const { probabilities, classes } = this.#predictions;
    return Array.from(probabilities.subarray(row * classes, (row + 1) * classes));
  }
}
