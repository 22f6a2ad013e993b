import { generator } from '#engine/data/random.ts';
import { product } from './layer-facts.ts';

/**
 * Glorot uniform: evenly within ±sqrt(6 / (fan in + fan out)), seeded by (seed, stream).
 * Glorot and Bengio 2010, equation 16; fans as keras.initializers: receptive field × channels.
 *
 * @param shape a dense kernel [in, out] or a convolution's [height, width, in, out]
 */
export function glorotUniform(shape: readonly number[], seed: number, stream: number): Float32Array {
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  const field = product(shape.slice(0, -2));
  const limit = Math.sqrt(6 / (field * (inputs + outputs)));
  const next = generator(seed, stream);
  const values = new Float32Array(product(shape));
  // 24 bits: every value is exact in float32, and 1 is never drawn. A loop: `from` takes seconds for large networks.
  for (let place = 0; place < values.length; place++) values[place] = ((next() >>> 8) / 2 ** 24) * 2 * limit - limit;
  return values;
}
