import { real, text } from './literal.ts';
import { lossesOf } from './loss.ts';
import { isClipped } from './optimizer.ts';
import { penaltyOf, type TrainText } from './train-parts.ts';
import { py } from './python.ts';

export const strategyText = py`
def make_strategy():
    """Several machines where TF_CONFIG names them, all GPUs of this one, or what there is."""
    if machines()[0] > 1:
        return tf.distribute.MultiWorkerMirroredStrategy()
    if len(tf.config.list_physical_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()


def machines():
    """How many train together, and whether this one writes what comes of it."""
    given = json.loads(os.environ.get("TF_CONFIG") or "{}")
    cluster, task = given.get("cluster", {}), given.get("task", {})
    count = sum(len(cluster.get(kind, [])) for kind in ("chief", "worker"))
    first = "chief" if "chief" in cluster else "worker"
    return count, count < 2 or (task.get("type") == first and int(task.get("index", 0)) == 0)
`;

/**
 * Keras 3's fit() does not run under MultiWorkerMirroredStrategy, so the loop is written out. Its optimizers add up the
 * gradients of all replicas themselves (keras/src/backend/tensorflow/optimizer.py, `_all_reduce_sum_gradients`, 3.15): added
 * up before as well, they would count twice.
 */
export function trainingText(parts: TrainText): string {
  const { settings, auxiliary, classWeights, weighted, normalizes, endsIn } = parts;
  const clipped = isClipped(settings.optimizer);
  const penalty = penaltyOf(settings) && 'loss += penalty(self.model) / self.replicas';
  const answer = auxiliary.length > 0 ? 'outputs[0]' : 'outputs';
  // How much the loss of each image counts.
  const counts = weighted ? 'weights' : classWeights && 'tf.gather(CLASS_WEIGHTS, labels)';
  const both = weighted && classWeights && 'weights *= tf.gather(CLASS_WEIGHTS, labels)';
  const loss = (share: string | undefined) => {
    const times = share ? ` * ${share}` : '';
    return auxiliary.length > 0
      ? [
          'loss = 0.0',
          'for answer, part in zip(outputs, OUTPUT_WEIGHTS):',
          `    losses = ${lossesOf(settings.loss, endsIn, 'answer')}${times}`,
          '    loss += part * tf.reduce_sum(losses[:counted]) / total',
        ]
      : [
          `losses = ${lossesOf(settings.loss, endsIn, 'outputs')}${times}`,
          'loss = tf.reduce_sum(losses[:counted]) / total',
        ];
  };
  return py`
class Training:
    """A network and its optimizer, on one device or many.

    Keras 3’s fit() does not run on several machines, so steps are written out: each replica computes its part of a
    batch, and what the parts give is added up.
    """

    def __init__(self, strategy):
        self.strategy = strategy
        self.replicas = strategy.num_replicas_in_sync
        with strategy.scope():
            self.model = network.build(${normalizes && 'synchronized=self.replicas > 1'})
            self.optimizer = make_optimizer(${clipped && 'self.replicas'})
            self.optimizer.build(self.model.trainable_variables)  # now, not within a step
            # Compiled, so that its files hold the optimizer too.
            self.model.compile(optimizer=self.optimizer, loss=LOSS)

    @property
    def rate(self):
        return float(self.optimizer.learning_rate.numpy())

    @tf.function
    def train_step(self, batch):
        return self._added(self._train_replica, batch)

    @tf.function
    def evaluation_step(self, batch):
        return self._added(self._evaluate_replica, batch)

    def _added(self, step, batch):
        parts = self.strategy.run(step, args=batch)
        return self.strategy.reduce(tf.distribute.ReduceOp.SUM, parts, axis=None)

    def _train_replica(self, pixels, labels, counted, total${weighted && ', weights'}):
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            outputs = self.model(tf.cast(pixels, tf.float32), training=True)
            ${both}
            # A mean over the batch: "total" counts its images on all replicas${counts && ', whatever their weights'}.
            ${loss(counts)}
            ${penalty}
        gradients = tape.gradient(loss, variables)
        ${
          clipped && [
            'context = tf.distribute.get_replica_context()',
            'whole = context.all_reduce(tf.distribute.ReduceOp.SUM, gradients)',
            'gradients = [each / self.replicas for each in whole]',
          ]
        }
        # Keras’ optimizers add up the gradients of all replicas.
        self.optimizer.apply_gradients(zip(gradients, variables))
        return sums_of(loss * total, labels[:counted], ${answer}[:counted])

    def _evaluate_replica(self, pixels, labels, counted, total):
        outputs = self.model(tf.cast(pixels, tf.float32), training=False)
        ${loss(undefined)}
        ${penalty}
        return sums_of(loss * total, labels[:counted], ${answer}[:counted])
`;
}

/** `penalty(model)`; null where the run has none. */
export function penaltyText({ settings, pixelKernel }: TrainText): string | null {
  const rates = penaltyOf(settings);
  if (!rates) return null;
  return py`
def penalty(model):
    """keras.regularizers.L1L2(${real(rates.l1)}, ${real(rates.l2)}) on every kernel, frozen ones too."""
    total = 0.0
    for layer in model.layers:
        ${pixelKernel !== null && [`if layer.name == ${text(pixelKernel)}:  # only brings pixels into their range`, '    continue']}
        for weight in layer.weights:
            if weight.name.endswith("kernel"):
                ${rates.l1 > 0 && `total += ${real(rates.l1)} * tf.reduce_sum(tf.abs(weight))`}
                ${rates.l2 > 0 && `total += ${real(rates.l2)} * tf.reduce_sum(tf.square(weight))`}
    return total
`;
}
