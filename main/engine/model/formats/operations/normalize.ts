import { product } from '../../layers/shapes.ts';
import type { LayerOf } from '../../spec.ts';
import type { Constant, OperationList, Value } from './operation.ts';

type Weight = (name: string) => Constant;

export function lastMean(list: OperationList, x: Value): Value {
  return list.add('mean', { op: 'last-mean' }, [x], [...x.shape.slice(0, -1), 1]);
}

/** (x − mean)/√(variance + ε) over the last axis. */
export function normalized(list: OperationList, x: Value, epsilon: number): Value {
  const apart = list.binary('subtract', x, lastMean(list, x));
  const variance = lastMean(list, list.binary('multiply', apart, apart));
  return list.binary('multiply', apart, list.unary('rsqrt', list.binary('add', variance, epsilon)));
}

/** The same over each group of channels, which becomes a row for that. */
export function inGroups(list: OperationList, x: Value, layer: LayerOf<'GroupNormalization'>): Value {
  const { groups, epsilon } = layer;
  const places = product(x.shape.slice(0, -1));
  const each = (x.shape.at(-1) ?? 0) / groups;
  const reshape = (from: Value, shape: readonly number[]) => list.add('reshape', { op: 'reshape' }, [from], shape);
  const swap = (from: Value, shape: readonly number[]) =>
    list.add('permute', { op: 'permute', order: [1, 0, 2] }, [from], shape);
  const apart = swap(reshape(x, [places, groups, each]), [groups, places, each]);
  const normal = normalized(list, reshape(apart, [groups, places * each]), epsilon);
  return reshape(swap(reshape(normal, [groups, places, each]), [places, groups, each]), x.shape);
}

/** By gamma and beta where the layer has them. */
export function scaledBy(
  list: OperationList,
  x: Value,
  { scale, center }: { readonly scale: boolean; readonly center: boolean },
  weight: Weight,
): Value {
  const scaled = scale ? list.binary('multiply', x, weight('gamma')) : x;
  return center ? list.binary('add', scaled, weight('beta')) : scaled;
}

/** keras.layers.Normalization: a deviation is at least keras.config.epsilon(). */
export function byStatistics(list: OperationList, x: Value, mean: Constant, variance: Constant): Value {
  const scale = Float64Array.from(variance.values, (each) => 1 / Math.max(Math.sqrt(each), 1e-7));
  const offset = scale.map((factor, place) => -factor * (mean.values[place] ?? 0));
  return list.binary('add', list.binary('multiply', x, [...scale]), [...offset]);
}

/** Of images as one operation, else as its factor and summand. */
export function batchNormalization(
  list: OperationList,
  layer: LayerOf<'BatchNormalization'>,
  x: Value,
  weight: Weight,
): Value {
  const mean = weight('moving_mean');
  const variance = weight('moving_variance');
  const filled = (name: string, value: number): Constant => ({
    name: list.name(name),
    shape: mean.shape,
    values: new Float32Array(mean.values.length).fill(value),
  });
  const gamma = layer.scale ? weight('gamma') : filled('gamma', 1);
  const beta = (layer.center ?? true) ? weight('beta') : filled('beta', 0);
  const what = { op: 'normalization', gamma, beta, mean, variance, epsilon: layer.epsilon } as const;
  if (x.shape.length === 3) return list.add('normalization', what, [x], x.shape);
  const { scale, offset } = scaleAndOffset(what);
  const constant = (name: string, values: Float32Array) => ({ name: list.name(name), shape: mean.shape, values });
  const scaled = list.binary('multiply', x, constant('scale', Float32Array.from(scale)));
  return list.binary('add', scaled, constant('offset', Float32Array.from(offset)));
}

/** Normalization as x·scale + offset, in double precision. */
export function scaleAndOffset(of: {
  readonly gamma: Constant;
  readonly beta: Constant;
  readonly mean: Constant;
  readonly variance: Constant;
  readonly epsilon: number;
}): { scale: Float64Array; offset: Float64Array } {
  const at = ({ values }: Constant, place: number) => values[place] ?? 0;
  const scale = Float64Array.from(
    of.gamma.values,
    (gamma, place) => gamma / Math.sqrt(at(of.variance, place) + of.epsilon),
  );
  const offset = scale.map((factor, place) => at(of.beta, place) - at(of.mean, place) * factor);
  return { scale, offset };
}
