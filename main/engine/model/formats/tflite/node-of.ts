import type { Binary, Operation, Unary } from '../operations/operation.ts';
import { scaleAndOffset } from '../operations/normalize.ts';
import { tensorTypes, type LiteGraph, type LiteNode } from './graph.ts';

/** Places in union BuiltinOptions. */
const tables = {
  ...{ convolution: 1, depthwise: 2, pool: 5, dense: 8, softmax: 9, concatenation: 10, add: 11, bilinear: 15 },
  ...{ reducer: 27, cast: 37, transposedConvolution: 49, leakyRelu: 75 },
} as const;
/** enum ActivationFunctionType */
const fusedActivations = { none: 0, relu: 1, relu6: 3 } as const;
export type Fused = keyof typeof fusedActivations;
const paddings = { same: 0, valid: 1 } as const;

const binaries: Readonly<Record<Binary, string>> = {
  add: 'ADD',
  subtract: 'SUB',
  multiply: 'MUL',
  maximum: 'MAXIMUM',
  minimum: 'MINIMUM',
};

const unaries: Readonly<Partial<Record<Unary, string>>> = {
  relu: 'RELU',
  relu6: 'RELU6',
  elu: 'ELU',
  tanh: 'TANH',
  sigmoid: 'LOGISTIC',
  exponential: 'EXP',
  abs: 'ABS',
  rsqrt: 'RSQRT',
  log: 'LOG',
  gelu: 'GELU',
  hard_silu: 'HARD_SWISH',
};

/** What TensorFlow Lite has beyond the usual; its GELU is the exact one unless told otherwise. */
export const beyond = new Set(['log', 'gelu', 'hard_silu'] as const);

/** Those that can have a Relu in themselves. */
export const fusing: ReadonlySet<string> = new Set(['convolution', 'depthwise', 'dense']);

type Fields = NonNullable<LiteNode['options']>['fields'];

/** Adds the operation for one image. @param name of what comes out */
export function addNode(graph: LiteGraph, operation: Operation, fused: Fused, name = operation.name): void {
  const { inputs, output, what } = operation;
  const taken = inputs.map((input) => graph.of(input));
  const [x = 0] = taken;
  const [given = output] = inputs;
  const out = graph.tensor(name, [1, ...output.shape]);
  graph.know(output, out);
  const add = (op: string, from: readonly number[], type?: number, fields: Fields = [], version = 1) =>
    graph.add(op, from, out, type === undefined ? null : { type, fields }, version);
  const sizes = (label: string, values: readonly number[], shape?: readonly number[]) =>
    graph.integers(`${name}/${label}`, values, shape);
  const active = fusedActivations[fused];
  const rank = given.shape.length;
  switch (what.op) {
    case 'convolution': {
      const { kernel, bias, strides, padding, dilation } = what;
      const from = [x, graph.turned(kernel, [3, 0, 1, 2]), biasOf(graph, name, bias, kernel.shape[3] ?? 0)];
      return add('CONV_2D', from, tables.convolution, [
        [0, 'byte', paddings[padding]],
        [1, 'int', strides[1]],
        [2, 'int', strides[0]],
        [3, 'byte', active],
        [4, 'int', dilation[1]],
        [5, 'int', dilation[0]],
      ]);
    }
    case 'depthwise': {
      const { kernel, bias, strides, padding, dilation } = what;
      const [high = 1, wide = 1, channels = 1, multiplier = 1] = kernel.shape;
      const filter = graph.constant({ ...kernel, shape: [1, high, wide, channels * multiplier] });
      const fields: Fields = [
        [0, 'byte', paddings[padding]],
        [1, 'int', strides[1]],
        [2, 'int', strides[0]],
        [3, 'int', multiplier],
        [4, 'byte', active],
        [5, 'int', dilation[1]],
        [6, 'int', dilation[0]],
      ];
      const from = [x, filter, biasOf(graph, name, bias, channels * multiplier)];
      return add('DEPTHWISE_CONV_2D', from, tables.depthwise, fields, dilation.some((rate) => rate > 1) ? 2 : 1);
    }
    case 'transposed-convolution': {
      const { kernel, bias, strides, padding } = what;
      const size = sizes('size', [1, ...output.shape]);
      const filter = graph.turned(kernel, [2, 0, 1, 3]);
      const from = [size, filter, x, biasOf(graph, name, bias, kernel.shape[2] ?? 0)];
      const fields: Fields = [
        [0, 'byte', paddings[padding]],
        [1, 'int', strides[1]],
        [2, 'int', strides[0]],
      ];
      return add('TRANSPOSE_CONV', from, tables.transposedConvolution, fields, 3);
    }
    case 'dense': {
      const { kernel, bias } = what;
      const from = [x, graph.turned(kernel, [1, 0]), biasOf(graph, name, bias, kernel.shape[1] ?? 0)];
      return add('FULLY_CONNECTED', from, tables.dense, [[0, 'byte', active]]);
    }
    case 'normalization': {
      const { scale, offset } = scaleAndOffset(what);
      const constant = (label: string, values: Float64Array) =>
        graph.constant({ name: `${name}/${label}`, shape: [values.length], values: Float32Array.from(values) });
      const scaled = graph.tensor(`${name}/scaled`, [1, ...output.shape]);
      graph.add('MUL', [x, constant('scale', scale)], scaled);
      return add('ADD', [scaled, constant('offset', offset)]);
    }
    case 'max-pool':
    case 'average-pool': {
      const { window, strides, padding } = what;
      return add(what.op === 'max-pool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D', [x], tables.pool, [
        [0, 'byte', paddings[padding]],
        [1, 'int', strides[1]],
        [2, 'int', strides[0]],
        [3, 'int', window[1]],
        [4, 'int', window[0]],
      ]);
    }
    case 'global-mean':
    case 'global-maximum':
      return add(what.op === 'global-mean' ? 'MEAN' : 'REDUCE_MAX', [x, sizes('axes', [1, 2])], tables.reducer);
    case 'last-mean':
      return add('MEAN', [x, sizes('axes', [rank])], tables.reducer, [[0, 'byte', 1]]);
    case 'unary': {
      if (what.how === 'softmax') return add('SOFTMAX', [x], tables.softmax, [[0, 'float', 1]]);
      if (what.how === 'positive') {
        const zero = graph.constant({ name: `${name}/zero`, shape: [], values: new Float32Array(1) });
        const above = graph.tensor(`${name}/above`, [1, ...output.shape], 'bool');
        graph.add('GREATER', [x, zero], above);
        return add('CAST', [above], tables.cast, [
          [0, 'byte', tensorTypes.bool],
          [1, 'byte', tensorTypes.float32],
        ]);
      }
      const op = unaries[what.how];
      if (!op) throw new Error(`TensorFlow Lite has no ${what.how}.`);
      return add(op, [x]);
    }
    case 'leaky-relu':
      return add('LEAKY_RELU', [x], tables.leakyRelu, [[0, 'float', what.slope]]);
    case 'binary':
      return add(binaries[what.how], taken);
    case 'with-constant':
      return add(binaries[what.how], [x, graph.constant(what.constant)]);
    case 'concatenate':
      return add('CONCATENATION', taken, tables.concatenation, [[0, 'int', rank]]);
    case 'reshape':
      return add('RESHAPE', [x, sizes('shape', [1, ...output.shape])]);
    case 'permute':
      return add('TRANSPOSE', [x, sizes('order', [0, ...what.order.map((axis) => axis + 1)])]);
    case 'pad':
      return add('PAD', [x, sizes('sides', [0, 0, ...what.sides.flat(), 0, 0], [4, 2])]);
    case 'crop': {
      const [[top], [left]] = what.sides;
      return add('SLICE', [x, sizes('from', [0, top, left, 0]), sizes('size', [1, ...output.shape])]);
    }
    case 'resize': {
      const size = sizes('size', output.shape.slice(0, 2));
      if (what.how === 'nearest') return add('RESIZE_NEAREST_NEIGHBOR', [x, size]);
      return add('RESIZE_BILINEAR', [x, size], tables.bilinear, [[3, 'byte', 1]], 3); // half-pixel centres
    }
    case 'reverse-channels':
      return add('REVERSE_V2', [x, sizes('axis', [rank])]);
  }
}

/** Kernels on some processors want one, so where there is none it is zero. */
function biasOf(
  graph: LiteGraph,
  name: string,
  bias: Parameters<LiteGraph['constant']>[0] | null,
  channels: number,
): number {
  return graph.constant(bias ?? { name: `${name}/bias`, shape: [channels], values: new Float32Array(channels) });
}
