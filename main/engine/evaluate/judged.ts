import type { Predictions } from '#engine/data/data-set.ts';

/** Predictions beside what is true. */
export interface Judged {
  readonly count: number;
  readonly classes: number;
  /** [image, class] */
  readonly probabilities: Float32Array;
  readonly labels: Uint16Array;
  /** p(predicted) of each image. */
  readonly confidence: Float32Array;
  /** 1 = the predicted class is the true one. */
  readonly right: Uint8Array;
}

export function judge({ probabilities, predicted, classes }: Predictions, labels: Uint16Array): Judged {
  const confidence = Float32Array.from(predicted, (k, row) => probabilities[row * classes + k] ?? 0);
  const right = Uint8Array.from(predicted, (k, row) => Number(k === labels[row]));
  return { count: labels.length, classes, probabilities, labels, confidence, right };
}
