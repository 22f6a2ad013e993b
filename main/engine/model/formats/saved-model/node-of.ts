import { text, type, type Attribute, type Node } from '#engine/graph/node.ts';
import type { Binary, Operation, Unary, What } from '../operations/operation.ts';
import type { Nodes } from './nodes.ts';

type Attributes = Node['attributes'];
type Of<K extends What['op']> = Extract<What, { op: K }>;

const T = type('float32');
const int32 = type('int32');
const ints = (...value: number[]): Attribute => ({ kind: 'int', value });
const flag = (value: boolean): Attribute => ({ kind: 'bool', value });
const number = (value: number): Attribute => ({ kind: 'float', value });
const nhwc = text('NHWC');
const words = { same: text('SAME'), valid: text('VALID') };
/** Of strides, windows and dilations: not along batch and channels. */
const over = ([rows, columns]: readonly [number, number]) => ints(1, rows, columns, 1);

const binaries: Readonly<Record<Binary, string>> = {
  add: 'AddV2',
  subtract: 'Sub',
  multiply: 'Mul',
  maximum: 'Maximum',
  minimum: 'Minimum',
};

const unaries: Readonly<Partial<Record<Unary, string>>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  softmax: 'Softmax',
  elu: 'Elu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  exponential: 'Exp',
  abs: 'Abs',
  rsqrt: 'Rsqrt',
  erf: 'Erf',
  softplus: 'Softplus',
};

/** What TensorFlow has beyond the usual. */
export const beyond = new Set(['erf', 'softplus'] as const);

/** Adds the operation as TensorFlow's nodes; where its output comes from. */
export function nodeOf(nodes: Nodes, { name, inputs, output, what }: Operation): string {
  const taken = inputs.map((input) => nodes.of(input));
  const [x = ''] = taken;
  const [given = output] = inputs;
  const add = (op: string, from: readonly string[], attributes: Attributes) => nodes.add(name, op, from, attributes);
  const sizes = (label: string, values: readonly number[], sides?: readonly number[]) =>
    nodes.integers(`${name}/${label}`, values, sides);
  const biased = (from: string, { bias }: { readonly bias: Of<'dense'>['bias'] }) =>
    bias ? add('BiasAdd', [from, nodes.constant(bias)], { T, data_format: nhwc }) : from;
  switch (what.op) {
    case 'convolution': {
      const { kernel, strides, padding, dilation } = what;
      const attributes = { T, strides: over(strides), padding: words[padding], dilations: over(dilation) };
      return biased(add('Conv2D', [x, nodes.constant(kernel)], { ...attributes, data_format: nhwc }), what);
    }
    case 'depthwise':
      return biased(depthwise(nodes, name, x, given.shape, what), what);
    case 'transposed-convolution': {
      const { kernel, strides, padding } = what;
      const batch = nodes.add(`${name}/shape`, 'Shape', [x], { T, out_type: int32 });
      const slice = { T: int32, Index: int32 };
      const count = nodes.add(`${name}/batch`, 'Slice', [batch, sizes('first', [0]), sizes('one', [1])], slice);
      const joined = [count, sizes('sides', output.shape), sizes('axis', [0], [])];
      const attributes = { N: { kind: 'int', value: 2 }, T: int32, Tidx: int32 } as const;
      const size = nodes.add(`${name}/sizes`, 'ConcatV2', joined, attributes);
      const sliding = { T, strides: over(strides), padding: words[padding], data_format: nhwc };
      return biased(add('Conv2DBackpropInput', [size, nodes.constant(kernel), x], sliding), what);
    }
    case 'dense': {
      const attributes = { T, transpose_a: flag(false), transpose_b: flag(false) };
      return biased(add('MatMul', [x, nodes.constant(what.kernel)], attributes), what);
    }
    case 'normalization': {
      const { gamma, beta, mean, variance, epsilon } = what;
      const from = [x, ...[gamma, beta, mean, variance].map((each) => nodes.constant(each))];
      const attributes = { T, U: T, epsilon: number(epsilon), is_training: flag(false), data_format: nhwc };
      return add('FusedBatchNormV3', from, attributes);
    }
    case 'max-pool':
    case 'average-pool': {
      const { window, strides, padding } = what;
      const attributes = { T, ksize: over(window), strides: over(strides), padding: words[padding], data_format: nhwc };
      return add(what.op === 'max-pool' ? 'MaxPool' : 'AvgPool', [x], attributes);
    }
    case 'global-mean':
    case 'global-maximum': {
      const op = what.op === 'global-mean' ? 'Mean' : 'Max';
      return add(op, [x, sizes('axes', [1, 2])], { T, Tidx: int32, keep_dims: flag(false) });
    }
    case 'last-mean':
      return add('Mean', [x, sizes('axes', [-1])], { T, Tidx: int32, keep_dims: flag(true) });
    case 'unary': {
      if (what.how === 'positive') {
        const zero = nodes.floats(`${name}/zero`, { shape: [], values: new Float32Array(1) });
        const above = nodes.add(`${name}/above`, 'Greater', [x, zero], { T });
        return add('Cast', [above], { SrcT: type('bool'), DstT: T, Truncate: flag(false) });
      }
      const op = unaries[what.how];
      if (!op) throw new Error(`TensorFlow has no ${what.how}.`);
      return add(op, [x], { T });
    }
    case 'leaky-relu':
      return add('LeakyRelu', [x], { T, alpha: number(what.slope) });
    case 'binary':
      return add(binaries[what.how], taken, { T });
    case 'with-constant':
      return add(binaries[what.how], [x, nodes.constant(what.constant)], { T });
    case 'concatenate': {
      const attributes = { N: { kind: 'int', value: taken.length }, T, Tidx: int32 } as const;
      return add('ConcatV2', [...taken, sizes('axis', [-1], [])], attributes);
    }
    case 'reshape':
      return add('Reshape', [x, sizes('shape', [-1, ...output.shape])], { T, Tshape: int32 });
    case 'permute': {
      const order = [0, ...what.order.map((axis) => axis + 1)];
      return add('Transpose', [x, sizes('order', order)], { T, Tperm: int32 });
    }
    case 'pad': {
      const sides = [0, 0, ...what.sides.flat(), 0, 0];
      return add('Pad', [x, sizes('sides', sides, [4, 2])], { T, Tpaddings: int32 });
    }
    case 'crop': {
      const [[top], [left]] = what.sides;
      const from = [x, sizes('from', [0, top, left, 0]), sizes('size', [-1, ...output.shape])];
      return add('Slice', from, { T, Index: int32 });
    }
    case 'resize': {
      const bilinear = what.how === 'bilinear';
      const attributes = { T, align_corners: flag(false), half_pixel_centers: flag(bilinear) };
      const op = bilinear ? 'ResizeBilinear' : 'ResizeNearestNeighbor';
      return add(op, [x, sizes('size', output.shape.slice(0, 2))], attributes);
    }
    case 'reverse-channels':
      return add('ReverseV2', [x, sizes('axis', [3])], { T, Tidx: int32 });
  }
}

/**
 * TensorFlow's own on a processor has no window with holes: every rate-th row and column makes an image of its own, as
 * tf.nn.depthwise_conv2d does it (and `layers/dilated.ts`).
 */
function depthwise(nodes: Nodes, name: string, x: string, sides: readonly number[], what: Of<'depthwise'>): string {
  const { kernel, strides, padding, dilation } = what;
  const sliding = (padded: 'same' | 'valid') => ({ T, strides: over(strides), padding: words[padded] });
  const filter = nodes.constant(kernel);
  const convolve = (from: string, padded: 'same' | 'valid') =>
    nodes.add(name, 'DepthwiseConv2dNative', [from, filter], { ...sliding(padded), data_format: nhwc });
  if (dilation.every((rate) => rate === 1)) return convolve(x, padding);
  const along = [0, 1].map((axis) => {
    const rate = dilation[axis] ?? 1;
    const beside = padding === 'same' ? ((kernel.shape[axis] ?? 1) - 1) * rate : 0;
    const before = Math.floor(beside / 2);
    const more = (rate - (((sides[axis] ?? 1) + beside) % rate)) % rate;
    return { paddings: [before, beside - before + more], crops: [0, more] };
  });
  const block = nodes.integers(`${name}/rates`, dilation);
  const paddings = nodes.integers(`${name}/paddings`, along.map(({ paddings }) => paddings).flat(), [2, 2]);
  const crops = nodes.integers(`${name}/crops`, along.map(({ crops }) => crops).flat(), [2, 2]);
  const kinds = { T, Tblock_shape: int32 };
  const apart = nodes.add(`${name}/apart`, 'SpaceToBatchND', [x, block, paddings], { ...kinds, Tpaddings: int32 });
  const together = [convolve(apart, 'valid'), block, crops];
  return nodes.add(`${name}/together`, 'BatchToSpaceND', together, { ...kinds, Tcrops: int32 });
}
