import { tf } from '#engine/backend/tensors.ts';
import { fusedBatchNorm, inferenceBatchNorm, type Normalized } from '#engine/backend/native/fused-batch-norm.ts';
import type { BatchNormalization as Settings } from './spec.ts';

type Held = ReturnType<tf.layers.Layer['addWeight']>;

/**
 * keras.layers.BatchNormalization over the last axis. In training it normalizes by the batch and moves its statistics,
 * average ← average·momentum + batch·(1 − momentum); otherwise, and where it is frozen, it normalizes by them.
 */
export class BatchNormalization extends tf.layers.Layer {
  static readonly className = 'BatchNormalization';
  readonly #settings: Settings;
  #held: { gamma: Held | null; beta: Held | null; mean: Held; variance: Held } | null = null;

  constructor(settings: Settings) {
    super({ name: settings.name });
    this.#settings = settings;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = [(inputShape as tf.Shape).at(-1) ?? 0];
    const { zeros, ones } = tf.initializers;
    // In Keras' order.
    this.#held = {
      gamma: this.#settings.scale ? this.addWeight('gamma', shape, 'float32', ones()) : null,
      beta: (this.#settings.center ?? true) ? this.addWeight('beta', shape, 'float32', zeros()) : null,
      mean: this.addWeight('moving_mean', shape, 'float32', zeros(), undefined, false),
      variance: this.addWeight('moving_variance', shape, 'float32', ones(), undefined, false),
    };
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: Record<string, unknown>): tf.Tensor {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    if (!x || !this.#held) throw new Error('BatchNormalization received no input');
    const { gamma, beta, mean, variance } = this.#held;
    const { momentum, epsilon } = this.#settings;
    return tf.tidy(() => {
      const channels = x.shape.at(-1) ?? 0;
      // A row of values is an image of one place.
      const images = (x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, channels])) as tf.Tensor4D;
      const back = (y: tf.Tensor) => (x.rank === 4 ? y : tf.reshape(y, x.shape));
      const scale = (gamma?.read() ?? tf.ones([channels])) as tf.Tensor1D;
      const offset = (beta?.read() ?? tf.zeros([channels])) as tf.Tensor1D;
      if (!training || this.#settings.trainable === false) {
        const moving = { mean: mean.read() as tf.Tensor1D, variance: variance.read() as tf.Tensor1D };
        if (tf.getBackend() !== 'tensorflow')
          return back(tf.batchNorm(images, moving.mean, moving.variance, offset, scale, epsilon));
        return back(inferenceBatchNorm(images, { gamma: scale, beta: offset, ...moving }, epsilon));
      }
      const normalized = normalize(images, scale, offset, epsilon);
      const move = (held: Held, now: tf.Tensor) =>
        held.write(tf.add(tf.mul(held.read(), momentum), tf.mul(now, 1 - momentum)));
      move(mean, normalized.mean);
      move(variance, normalized.variance);
      return back(normalized.output);
    });
  }

  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return shape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { momentum, epsilon, center = true, scale } = this.#settings;
    return { ...super.getConfig(), momentum, epsilon, center, scale };
  }
}

function normalize(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  if (tf.getBackend() === 'tensorflow') return fusedBatchNorm(x, gamma, beta, epsilon);
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const output = tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, beta, gamma, epsilon);
  return { output, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}
