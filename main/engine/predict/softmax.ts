/**
 * Softmax and cross-entropy of rows of logits, in double precision. The loss comes from the logits and not from the
 * rounded probabilities, so that a class at p = 0 still has a finite loss; Keras does the same when a network ends in
 * softmax (`keras/src/backend/tensorflow/nn.py`, `sparse_categorical_crossentropy`).
 *
 * @param logits [image, class]
 * @param probabilities written from row `first`, [image, class]
 * @param losses written from row `first`; `labels` are those of the same rows
 */
export function softmaxAndLoss(
  logits: Float32Array,
  labels: ArrayLike<number>,
  first: number,
  probabilities: Float32Array,
  losses: Float64Array,
): void {
  const classes = logits.length / labels.length;
  for (let row = 0; row < labels.length; row++) {
    const from = row * classes;
    const scores = logits.subarray(from, from + classes);
    const logTotal = logSumExp(scores);
    const to = (first + row) * classes;
    scores.forEach((score, k) => (probabilities[to + k] = flushed(Math.exp(score - logTotal))));
    losses[first + row] = logTotal - (scores[labels[row] ?? 0] ?? Number.NaN);
  }
}

/** Softmax of one row. */
export function softmax(logits: Float32Array): Float32Array {
  const logTotal = logSumExp(logits);
  return logits.map((score) => flushed(Math.exp(score - logTotal)));
}

/** TensorFlow computes with denormal numbers flushed to zero; top-5 counts ties, so the same classes must tie. */
const flushed = (value: number) => (value < 2 ** -126 ? 0 : value);

/** ln Σ exp(x), without overflow. */
function logSumExp(scores: Float32Array): number {
  const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  return highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
}
