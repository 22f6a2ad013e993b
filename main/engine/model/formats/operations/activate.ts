import type { Activation } from '../../spec.ts';
import type { OperationList, Unary, Value } from './operation.ts';

/** Which of the operations beyond the usual a target has. */
export type Beyond = ReadonlySet<Extract<Unary, 'log' | 'erf' | 'gelu' | 'softplus' | 'hard_silu'>>;

type Build = (list: OperationList, x: Value, has: Beyond) => Value;

const one =
  (how: Unary): Build =>
  (list, x) =>
    list.unary(how, x);

/** Klambauer et al. 2017; keras/src/activations/activations.py, `selu`. */
const selu = { scale: 1.0507009873554805, alpha: 1.6732632423543772 } as const;

const hardSigmoid: Build = (list, x) => list.binary('multiply', list.unary('relu6', list.binary('add', x, 3)), 1 / 6);

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), which does not overflow. */
const softplus: Build = (list, x, has) => {
  if (has.has('softplus')) return list.unary('softplus', x);
  const small = list.unary('exponential', list.binary('multiply', list.unary('abs', x), -1));
  return list.binary('add', list.unary('relu', x), list.unary('log', list.binary('add', small, 1)));
};

/** The same values as `layers/activations.ts`, of operations that other programs have. */
const builds: Readonly<Record<Activation, Build>> = {
  linear: (_, x) => x,
  relu: one('relu'),
  relu6: one('relu6'),
  softmax: one('softmax'),
  elu: one('elu'),
  tanh: one('tanh'),
  sigmoid: one('sigmoid'),
  exponential: one('exponential'),
  softplus,
  selu: (list, x) => elu(list, x, selu.scale * selu.alpha, selu.scale),
  gelu: (list, x, has) => {
    if (has.has('gelu')) return list.unary('gelu', x);
    const erf = list.unary('erf', list.binary('multiply', x, Math.SQRT1_2));
    return list.binary('multiply', list.binary('multiply', x, 0.5), list.binary('add', erf, 1));
  },
  silu: (list, x) => list.binary('multiply', x, list.unary('sigmoid', x)),
  softsign: (list, x) => {
    // x / (1 + |x|); for a = 1 + |x| > 0 is 1/a = (1/√a)².
    const root = list.unary('rsqrt', list.binary('add', list.unary('abs', x), 1));
    return list.binary('multiply', list.binary('multiply', x, root), root);
  },
  hard_sigmoid: hardSigmoid,
  hard_silu: (list, x, has) =>
    has.has('hard_silu') ? list.unary('hard_silu', x) : list.binary('multiply', x, hardSigmoid(list, x, has)),
  leaky_relu: (list, x) => leaky(list, x, 0.2),
  mish: (list, x, has) => list.binary('multiply', x, list.unary('tanh', softplus(list, x, has))),
};

export function activate(list: OperationList, x: Value, activation: Activation, has: Beyond): Value {
  return builds[activation](list, x, has);
}

/** x where it is positive, slope · x elsewhere. */
export function leaky(list: OperationList, x: Value, slope: number): Value {
  return list.add('leaky_relu', { op: 'leaky-relu', slope }, [x], x.shape);
}

/** scale · x where it is positive, alpha · (eˣ − 1) elsewhere. */
export function elu(list: OperationList, x: Value, alpha: number, scale = 1): Value {
  if (alpha === 1 && scale === 1) return list.unary('elu', x);
  const below = list.binary('multiply', list.unary('elu', list.binary('minimum', x, 0)), alpha);
  const above = list.unary('relu', x);
  return list.binary('add', scale === 1 ? above : list.binary('multiply', above, scale), below);
}
