import { tf } from '#engine/backend/tensors.ts';
import { plain, trained, words, wrongSetting, type WeightFacts } from './shapes.ts';
import type { Written } from './written.ts';

/** Wu and He 2018, equation 7; as keras/src/layers/normalization/group_normalization.py. */
export const groupNormalization: Written<'GroupNormalization'> = {
  facts: (layer, [input = []]) => {
    const { groups, epsilon, center, scale } = layer;
    const channels = input.at(-1) ?? 0;
    if (channels % groups !== 0) {
      throw wrongSetting(layer, 'groups', `a number that ${channels} divides by`, String(groups));
    }
    const weights = [
      ...(scale ? [trained('gamma', [channels])] : []),
      ...(center ? [trained('beta', [channels])] : []),
    ];
    return { ...plain(input, words(`${groups} groups`, `ε ${epsilon}`)), weights };
  },
  call: ({ groups, epsilon, center, scale }, { x, weight }) => {
    const [batch = 1, ...sides] = x.shape;
    const channels = sides.at(-1) ?? 1;
    const places = sides.slice(0, -1).reduce((product, side) => product * side, 1);
    // [batch, place, group, channel of the group]
    const apart = tf.reshape(x, [batch, places, groups, channels / groups]);
    const from = tf.sub(apart, tf.mean(apart, [1, 3], true));
    const variance = tf.mean(tf.square(from), [1, 3], true);
    const normal = tf.reshape(tf.mul(from, tf.rsqrt(tf.add(variance, epsilon))), x.shape);
    const scaled = scale ? tf.mul(normal, weight('gamma')) : normal;
    return center ? tf.add(scaled, weight('beta')) : scaled;
  },
};

/** keras.config.epsilon() */
const least = 1e-7;

/** keras/src/layers/preprocessing/normalization.py, over the channels: (x − mean) / max(√variance, ε). */
export const normalization: Written<'Normalization'> = {
  facts: (_, [input = []]) => {
    const fixed = (name: WeightFacts['name']) => ({ name, shape: [input.at(-1) ?? 0], trainable: false });
    return { ...plain(input), weights: [fixed('mean'), fixed('variance')] };
  },
  call: (_, { x, weight }) => tf.div(tf.sub(x, weight('mean')), tf.maximum(tf.sqrt(weight('variance')), least)),
  starts: () => ({ variance: 'ones' }),
};

/** keras/src/layers/normalization/unit_normalization.py */
export const unitNormalization: Written<'UnitNormalization'> = {
  facts: (_, [input = []]) => plain(input),
  call: (_, { x }) => tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), -1, true), 1e-12))),
};
