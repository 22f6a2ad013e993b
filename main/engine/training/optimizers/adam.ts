import { tf } from '#engine/backend/tensors.ts';
import type { NamedVariable } from '#engine/model/network.ts';
import { optimizerOf, type Optimizer } from './optimizer.ts';

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * keras/src/optimizers/adam.py (Kingma and Ba 2015, "epsilon hat"): m ← m + (g − m)(1−β₁); v ← v + (g² − v)(1−β₂);
 * w ← w − m·α / (√v + ε) with α = η·√(1−β₂ᵗ) / (1−β₁ᵗ).
 */
export function adam(weights: readonly NamedVariable[], settings: AdamSettings): Optimizer {
  const { learningRate, beta1, beta2, epsilon } = settings;
  return optimizerOf(weights, { momentum: 0, velocity: 0 }, (weight, gradient, slots, step) => {
    const left = (beta: number) => tf.sub(1, tf.pow(tf.scalar(beta), step));
    const alpha = tf.div(tf.mul(learningRate, tf.sqrt(left(beta2))), left(beta1));
    const momentum = tf.add(slots.momentum, tf.mul(tf.sub(gradient, slots.momentum), 1 - beta1));
    const velocity = tf.add(slots.velocity, tf.mul(tf.sub(tf.square(gradient), slots.velocity), 1 - beta2));
    slots.momentum.assign(momentum);
    slots.velocity.assign(velocity);
    weight.assign(tf.sub(weight, tf.div(tf.mul(momentum, alpha), tf.add(tf.sqrt(velocity), epsilon))));
  });
}
