import { generator, type Generator } from '#engine/data/random.ts';
import { product } from './layers/shapes.ts';
import type { Initializer } from './spec.ts';

/** Fans as keras.initializers counts them: receptive field × channels. @param shape [..., in, out] */
function fans(shape: readonly number[]): Fans {
  const [inputs = 1, outputs = 1] = shape.length < 2 ? [shape[0], shape[0]] : shape.slice(-2);
  const field = product(shape.slice(0, -2));
  return { in: field * inputs, out: field * outputs };
}

interface Fans {
  readonly in: number;
  readonly out: number;
}

/** keras.initializers' VarianceScaling: the variance is scale / fan. */
const scaled: Readonly<Partial<Record<Initializer, { scale: number; fan: (fans: Fans) => number }>>> = {
  glorot_uniform: { scale: 2, fan: (fan) => fan.in + fan.out },
  glorot_normal: { scale: 2, fan: (fan) => fan.in + fan.out },
  he_uniform: { scale: 2, fan: (fan) => fan.in },
  he_normal: { scale: 2, fan: (fan) => fan.in },
  lecun_uniform: { scale: 1, fan: (fan) => fan.in },
  lecun_normal: { scale: 1, fan: (fan) => fan.in },
};

/**
 * A weight's first values by keras.initializers of that name, seeded by (seed, stream): Glorot and Bengio 2010 (equation
 * 16), He et al. 2015 (equation 10), LeCun et al. 1998. `random_uniform` is within ±0.05, `random_normal` has a deviation
 * of 0.05.
 *
 * @param shape a dense kernel [in, out] or a convolution's [height, width, in, out]
 */
export function initialValues(
  initializer: Initializer,
  shape: readonly number[],
  seed: number,
  stream: number,
): Float32Array {
  const values = new Float32Array(product(shape));
  const { scale, fan } = scaled[initializer] ?? { scale: 0, fan: () => 1 };
  const size = fan(fans(shape));
  const next = generator(seed, stream);
  switch (initializer) {
    case 'zeros':
      return values;
    case 'ones':
      return values.fill(1);
    case 'random_uniform':
      return uniformly(values, 0.05, next);
    case 'random_normal':
      return fill(values, 0.05, normal(next));
    case 'glorot_uniform':
    case 'he_uniform':
    case 'lecun_uniform':
      return uniformly(values, Math.sqrt((3 * scale) / size), next);
    case 'glorot_normal':
    case 'he_normal':
    case 'lecun_normal':
      return fill(values, Math.sqrt(scale / size) / cutDeviation, cut(normal(next)));
  }
}

/** Standard deviation of a normal distribution cut at two of its own (scipy.stats.truncnorm.std(-2, 2)). */
const cutDeviation = 0.87962566103423978;

/** Within ± limit. 24 bits: every value is exact in float32, and 1 is never drawn. */
function uniformly(values: Float32Array, limit: number, next: Generator): Float32Array {
  // A loop: `from` takes seconds for large networks.
  for (let place = 0; place < values.length; place++) values[place] = ((next() >>> 8) / 2 ** 24) * 2 * limit - limit;
  return values;
}

function fill(values: Float32Array, deviation: number, draw: () => number): Float32Array {
  for (let place = 0; place < values.length; place++) values[place] = draw() * deviation;
  return values;
}

/** Draws of a normal distribution. Box and Muller 1958: two independent values from two uniform ones. */
export function normal(next: Generator): () => number {
  const uniform = () => ((next() >>> 8) + 0.5) / 2 ** 24;
  let other: number | null = null;
  return () => {
    if (other !== null) {
      const kept = other;
      other = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    other = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Those within two deviations. */
function cut(draw: () => number): () => number {
  return () => {
    for (;;) {
      const value = draw();
      if (Math.abs(value) <= 2) return value;
    }
  };
}
