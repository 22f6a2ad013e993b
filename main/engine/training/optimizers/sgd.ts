import { tf } from '#engine/backend/tensors.ts';
import type { NamedVariable } from '#engine/model/network.ts';
import { optimizerOf, type Optimizer } from './optimizer.ts';

export interface SgdSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** keras/src/optimizers/sgd.py: m ← μ·m − η·g; w ← w + m, or with Nesterov w + μ·m − η·g. */
export function sgd(weights: readonly NamedVariable[], settings: SgdSettings): Optimizer {
  const { learningRate, momentum, nesterov } = settings;
  if (momentum === 0) {
    return optimizerOf(weights, {}, (weight, gradient) =>
      weight.assign(tf.sub(weight, tf.mul(gradient, learningRate))),
    );
  }
  return optimizerOf(weights, { momentum: 0 }, (weight, gradient, slots) => {
    const pull = tf.mul(gradient, learningRate);
    const moved = tf.sub(tf.mul(slots.momentum, momentum), pull);
    slots.momentum.assign(moved);
    weight.assign(tf.add(weight, nesterov ? tf.sub(tf.mul(moved, momentum), pull) : moved));
  });
}
