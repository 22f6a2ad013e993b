import type { Binary, Constant, Operation, Sides, Unary } from '../operations/operation.ts';
import { sidesOf } from '../operations/sides.ts';
import { transposed } from '../operations/transposed.ts';
import { float, int, ints, text, type OnnxGraph } from './graph.ts';

type Pair = readonly [number, number];

const binaries: Readonly<Record<Binary, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  maximum: 'Max',
  minimum: 'Min',
};

const unaries: Readonly<Partial<Record<Unary, string>>> = {
  relu: 'Relu',
  elu: 'Elu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  exponential: 'Exp',
  abs: 'Abs',
  erf: 'Erf',
  softplus: 'Softplus',
  hard_silu: 'HardSwish',
};

/** What opset 17 has beyond the usual. */
export const beyond = new Set(['erf', 'softplus', 'hard_silu'] as const);

/** Zeros at the beginning of both axes, then at their end. */
const padsOf = ([[top, bottom], [left, right]]: Sides) => ints(top, left, bottom, right);

/** Adds the operation as nodes of opset 17, images channels first. @param name of what comes out */
export function addNode(graph: OnnxGraph, { name: own, inputs, output, what }: Operation, name = own): void {
  const [given = output] = inputs;
  const images = given.shape.length === 3;
  const x = graph.channelsFirst(given);
  const add = (op: string, from: readonly string[], attributes = {}) =>
    graph.know(output, 'first', graph.add(name, op, from, attributes));
  /** Of the channels, or of what runs fastest. */
  const last = images ? 1 : given.shape.length;
  const bias = (constant: Constant | null) =>
    constant ? [graph.floats(constant.name, constant.shape, constant.values)] : [];
  switch (what.op) {
    case 'convolution':
    case 'depthwise': {
      const { kernel, strides, dilation } = what;
      const [high = 1, wide = 1, channels = 1, multiplier = 1] = kernel.shape;
      const deep = what.op === 'depthwise';
      // [out, in, height, width]; of the channels one by one the multiplier runs faster, and in is 1.
      const order = deep ? [2, 3, 0, 1] : [3, 2, 0, 1];
      const shape = deep ? [channels * multiplier, 1, high, wide] : [multiplier, channels, high, wide];
      const filter = graph.floats(kernel.name, shape, transposed(kernel.values, kernel.shape, order));
      const pads = padsOf(sidesOf(given.shape, { ...what, kernel: [high, wide] }));
      return add('Conv', [x, filter, ...bias(what.bias)], {
        ...{ kernel_shape: ints(high, wide), strides: ints(...strides), dilations: ints(...dilation), pads },
        group: int(deep ? channels : 1),
      });
    }
    case 'transposed-convolution': {
      const { kernel, strides, padding } = what;
      const [high = 1, wide = 1, out = 1, channels = 1] = kernel.shape;
      const order = [3, 2, 0, 1];
      const filter = graph.floats(
        kernel.name,
        [channels, out, high, wide],
        transposed(kernel.values, kernel.shape, order),
      );
      const along = (axis: 0 | 1, size: number): { pads: Pair; more: number } => {
        const beside = padding === 'same' ? Math.max(size - strides[axis], 0) : 0;
        const whole = ((given.shape[axis] ?? 1) - 1) * strides[axis] + size - beside;
        const before = Math.floor(beside / 2);
        return { pads: [before, beside - before], more: (output.shape[axis] ?? 0) - whole };
      };
      const [rows, columns] = [along(0, high), along(1, wide)];
      return add('ConvTranspose', [x, filter, ...bias(what.bias)], {
        ...{ kernel_shape: ints(high, wide), strides: ints(...strides), pads: padsOf([rows.pads, columns.pads]) },
        output_padding: ints(rows.more, columns.more),
      });
    }
    case 'dense': {
      const kernel = graph.floats(what.kernel.name, what.kernel.shape, what.kernel.values);
      return what.bias ? add('Gemm', [x, kernel, ...bias(what.bias)]) : add('MatMul', [x, kernel]);
    }
    case 'normalization': {
      const { gamma, beta, mean, variance, epsilon } = what;
      const from = [gamma, beta, mean, variance].flatMap((each) => bias(each));
      return add('BatchNormalization', [x, ...from], { epsilon: float(epsilon) });
    }
    case 'max-pool':
    case 'average-pool': {
      const { window, strides } = what;
      const pads = padsOf(sidesOf(given.shape, { ...what, kernel: window }));
      return add(what.op === 'max-pool' ? 'MaxPool' : 'AveragePool', [x], {
        ...{ kernel_shape: ints(...window), strides: ints(...strides), pads },
      });
    }
    case 'global-mean':
    case 'global-maximum': {
      const op = what.op === 'global-mean' ? 'GlobalAveragePool' : 'GlobalMaxPool';
      return add('Flatten', [graph.add(`${name}/pool`, op, [x])], { axis: int(1) });
    }
    case 'last-mean':
      return add('ReduceMean', [x], { axes: ints(last), keepdims: int(1) });
    case 'unary':
      return addUnary(graph, what.how, { name, x, last, add });
    case 'leaky-relu':
      return add('LeakyRelu', [x], { alpha: float(what.slope) });
    case 'binary':
      return add(
        binaries[what.how],
        inputs.map((input) => graph.channelsFirst(input)),
      );
    case 'with-constant':
      return add(binaries[what.how], [x, graph.beside(what.constant, given.shape.length)]);
    case 'concatenate':
      return add(
        'Concat',
        inputs.map((input) => graph.channelsFirst(input)),
        { axis: int(last) },
      );
    case 'reshape': {
      // Values lie in our order before and after; 0 leaves the batch as it is.
      const shape = graph.integers(`${name}/shape`, [0, ...output.shape]);
      return graph.know(output, 'last', graph.add(name, 'Reshape', [graph.channelsLast(given), shape]));
    }
    case 'permute': {
      const perm = ints(0, ...what.order.map((axis) => axis + 1));
      return graph.know(output, 'last', graph.add(name, 'Transpose', [graph.channelsLast(given)], { perm }));
    }
    case 'pad': {
      const [[top, bottom], [left, right]] = what.sides;
      return add('Pad', [x, graph.integers(`${name}/sides`, [0, 0, top, left, 0, 0, bottom, right])]);
    }
    case 'crop': {
      const [[top], [left]] = what.sides;
      const [rows = 0, columns = 0] = output.shape;
      const from = graph.integers(`${name}/from`, [top, left]);
      const to = graph.integers(`${name}/to`, [top + rows, left + columns]);
      return add('Slice', [x, from, to, graph.integers(`${name}/axes`, [2, 3])]);
    }
    case 'resize': {
      const scales = [0, 1].map((axis) => scaleTo(given.shape[axis] ?? 1, output.shape[axis] ?? 1));
      const by = graph.floats(`${name}/scales`, [4], Float32Array.of(1, 1, ...scales));
      const [mode, centres] = what.how === 'nearest' ? ['nearest', 'asymmetric'] : ['linear', 'half_pixel'];
      return add('Resize', [x, '', by], {
        ...{ mode: text(mode), coordinate_transformation_mode: text(centres) },
        ...(what.how === 'nearest' ? { nearest_mode: text('floor') } : {}),
      });
    }
    case 'reverse-channels': {
      const channels = given.shape.at(-1) ?? 0;
      const order = Array.from({ length: channels }, (_, place) => channels - 1 - place);
      return add('Gather', [x, graph.integers(`${name}/order`, order)], { axis: int(last) });
    }
  }
}

interface UnaryGiven {
  readonly name: string;
  readonly x: string;
  readonly last: number;
  add(op: string, from: readonly string[], attributes?: object): void;
}

function addUnary(graph: OnnxGraph, how: Unary, { name, x, last, add }: UnaryGiven): void {
  const scalar = (label: string, value: number) => graph.floats(`${name}/${label}`, [], Float32Array.of(value));
  switch (how) {
    case 'softmax':
      return add('Softmax', [x], { axis: int(last) });
    case 'relu6':
      return add('Clip', [x, scalar('least', 0), scalar('most', 6)]);
    case 'rsqrt':
      return add('Reciprocal', [graph.add(`${name}/root`, 'Sqrt', [x])]);
    case 'positive':
      return add('Cast', [graph.add(`${name}/above`, 'Greater', [x, scalar('zero', 0)])], { to: int(1) });
    default: {
      const op = unaries[how];
      if (!op) throw new Error(`ONNX has no ${how}.`);
      return add(op, [x]);
    }
  }
}

/** ONNX takes ⌊side · scale⌋, in single precision: the least step up where that would lose a pixel. */
function scaleTo(side: number, target: number): number {
  const scale = Math.fround(target / side);
  if (Math.floor(Math.fround(side * scale)) >= target) return scale;
  return Math.fround(scale * (1 + 2 ** -23));
}
