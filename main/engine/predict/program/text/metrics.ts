import type { MetricName } from '#contract/training-settings.ts';

/** A figure beside loss and accuracy, as sums that workers can add up. */
interface MetricText {
  /** How many numbers its statistics are. */
  readonly size: number;
  /** Lines of `statistics`, in which `labels`, `outputs` and `predicted` are known: an expression of [size]. */
  readonly statistics: readonly string[];
  /** From `sums`, an array of [size], and the number of images. */
  readonly value: readonly string[];
}

const topK = (k: number): MetricText => ({
  size: 1,
  statistics: [
    `hits = tf.math.in_top_k(labels, outputs, ${k})`,
    'return tf.reduce_sum(tf.cast(hits, tf.float32))[None]',
  ],
  value: ['return sums[0] / images'],
});

const ratio = (of: string): MetricText => ({
  size: 2,
  statistics: [
    'true = tf.one_hot(labels, outputs.shape[-1])',
    'said = tf.cast(predicted > 0.5, tf.float32)',
    `return tf.stack([tf.reduce_sum(said * true), tf.reduce_sum(${of})])`,
  ],
  value: ['return sums[0] / sums[1] if sums[1] > 0 else 0.0'],
});

function metricOf(name: MetricName, endsIn: 'softmax' | 'linear'): MetricText {
  switch (name) {
    case 'top_3':
      return topK(3);
    case 'top_5':
      return topK(5);
    case 'precision':
      return ratio('said');
    case 'recall':
      return ratio('true');
    case 'auc':
      return {
        size: 400,
        statistics: [
          '# How many entries lie between each two of 200 thresholds: the false ones, then the true ones.',
          ...(endsIn === 'linear' ? ['predicted = tf.sigmoid(predicted)'] : []),
          'place = tf.cast(tf.maximum(tf.math.ceil(predicted * 199) - 1, 0), tf.int32)',
          'true = tf.one_hot(labels, outputs.shape[-1], dtype=tf.int32)',
          'place = tf.reshape(place + 200 * true, [-1])',
          'return tf.math.unsorted_segment_sum(tf.ones_like(place, tf.float32), place, 400)',
        ],
        value: [
          'above = np.cumsum(sums.reshape(2, 200)[:, ::-1], axis=1)  # from the highest threshold down',
          'false, true = np.hstack([np.zeros((2, 1)), above / np.maximum(above[:, -1:], 1)])',
          'return float(np.sum((false[1:] - false[:-1]) * (true[1:] + true[:-1]) / 2))',
        ],
      };
  }
}

/** Of Keras' metric of that name. */
const classes: Readonly<Record<MetricName, string>> = {
  top_3: 'TopKCategoricalAccuracy(3)',
  top_5: 'TopKCategoricalAccuracy(5)',
  precision: 'Precision()',
  recall: 'Recall()',
  auc: 'AUC()',
};

/** A class for each metric, and `METRICS`; null where there is none. */
export function metricsText(names: readonly MetricName[] = [], endsIn: 'softmax' | 'linear'): string[] | null {
  const unique = [...new Set(names)];
  if (unique.length === 0) return null;
  const made = unique.flatMap((name) => {
    const { size, statistics, value } = metricOf(name, endsIn);
    const linear = endsIn === 'linear' && name === 'auc' ? '; logits go through a sigmoid' : '';
    return [
      `class ${className(name)}:`,
      `    """keras.metrics.${classes[name]} over one-hot targets, as sums that workers add up${linear}."""`,
      '',
      `    name = "${name}"`,
      `    size = ${size}`,
      '',
      '    @staticmethod',
      '    def statistics(labels, outputs):',
      ...statistics.map((line) => `        ${line.replace(/\bpredicted\b/g, 'outputs')}`),
      '',
      '    @staticmethod',
      '    def value(sums, images):',
      ...value.map((line) => `        ${line}`),
      '',
      '',
    ];
  });
  return [...made, `METRICS = [${unique.map(className).join(', ')}]`];
}

const className = (name: MetricName) =>
  name === 'auc' ? 'Auc' : name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
