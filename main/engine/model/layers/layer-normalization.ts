import { tf } from '#engine/backend/tensors.ts';
import { plain, trained } from './shapes.ts';
import type { Written } from './written.ts';

/** Ba et al. 2016, over the last axis: γ·(x − mean)/√(variance + ε) + β. */
export const layerNormalization: Written<'LayerNormalization'> = {
  facts: ({ epsilon, center, scale }, [input = []]) => {
    const last = [input.at(-1) ?? 0];
    const weights = [...(scale ? [trained('gamma', last)] : []), ...(center ? [trained('beta', last)] : [])];
    return { ...plain(input, `ε ${epsilon}`), weights };
  },
  call: ({ epsilon, center, scale }, { x, weight }) => {
    const mean = tf.mean(x, -1, true);
    const apart = tf.sub(x, mean);
    const variance = tf.mean(tf.square(apart), -1, true);
    const normal = tf.mul(apart, tf.rsqrt(tf.add(variance, epsilon)));
    const scaled = scale ? tf.mul(normal, weight('gamma')) : normal;
    return center ? tf.add(scaled, weight('beta')) : scaled;
  },
};
