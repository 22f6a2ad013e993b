import type { TrainText } from './train-parts.ts';
import { py } from './python.ts';

/** What steps measure, as sums that replicas add up; and what is made of them. */
export function figuresText({ settings, held, tested }: TrainText): string {
  const metrics = (settings.metrics ?? []).length > 0;
  const some = held && settings.validationSteps !== undefined;
  const sums = py`
def sums_of(loss, labels, outputs):
    """Loss and right answers, and how many images there were${metrics && '; then what the metrics want'}."""
    right = tf.equal(tf.argmax(outputs, axis=-1, output_type=tf.int32), labels)
    right = tf.reduce_sum(tf.cast(right, tf.float32))
    ${
      metrics
        ? [
            'basic = tf.stack([loss, right, tf.cast(tf.size(labels), tf.float32)])',
            'return tf.concat([basic, *(metric.statistics(labels, outputs) for metric in METRICS)], axis=0)',
          ]
        : 'return tf.stack([loss, right, tf.cast(tf.size(labels), tf.float32)])'
    }


def figures_of(sums):
    """Means over images, by name, from the sums of steps."""
    ${
      metrics
        ? [
            'total = np.sum(sums, axis=0, dtype=np.float64)',
            'images, at = total[2], 3',
            'figures = {"loss": total[0] / images, "accuracy": total[1] / images}',
            'for metric in METRICS:',
            '    figures[metric.name] = metric.value(total[at : at + metric.size], images)',
            '    at += metric.size',
            'return {name: float(value) for name, value in figures.items()}',
          ]
        : [
            'loss, right, count = np.sum(sums, axis=0, dtype=np.float64).tolist()',
            'return {"loss": loss / count, "accuracy": right / count}',
          ]
    }
`;
  if (!held && !tested) return sums;
  const measure = py`
def measure(training, split, size${some && ', steps=None'}):
    """Figures over a split${some && ', or over its first batches'}."""
    batches = iter(images.evaluation_batches(training.strategy, split, size))
    count = -(-len(split) // size)  # rounded up
    ${some && 'count = min(count, steps or count)'}
    return figures_of([training.evaluation_step(next(batches)).numpy() for _ in range(count)])
`;
  return `${sums}\n\n\n${measure}`;
}
