import { tf } from '#engine/backend/tensors.ts';
import { statelessNormal, statelessUniform } from '../random-uniform.ts';
import { plain, plane } from './shapes.ts';
import type { Written } from './written.ts';

/** Tompson et al. 2015: a channel is kept as a whole or not at all. */
export const spatialDropout2D: Written<'SpatialDropout2D'> = {
  facts: (layer, [input = []]) => {
    plane(layer, input);
    return plain(input, `rate ${layer.rate}`);
  },
  call: ({ rate }, { x, step, key }) => {
    if (!step || rate === 0) return x;
    const [batch = 1, , , channels = 1] = x.shape;
    const keep = tf.greaterEqual(statelessUniform([batch, 1, 1, channels], key, step), rate);
    return tf.mul(x, tf.mul(tf.cast(keep, 'float32'), 1 / (1 - rate)));
  },
};

export const gaussianNoise: Written<'GaussianNoise'> = {
  facts: ({ stddev }, [input = []]) => plain(input, `σ ${stddev}`),
  call: ({ stddev }, { x, step, key }) => {
    if (!step || stddev === 0) return x;
    return tf.add(x, tf.mul(statelessNormal(x.shape, key, step), stddev));
  },
};
