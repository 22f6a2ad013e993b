import type { LayerOf, LayerSpec } from '../../spec.ts';
import type { Shape } from '../../layers/shapes.ts';
import { activate, elu, leaky, type Beyond } from './activate.ts';
import { batchNormalization, byStatistics, inGroups, lastMean, normalized, scaledBy } from './normalize.ts';
import type { Binary, Constant, OperationList, Sides, Value } from './operation.ts';

export interface LayerGiven {
  readonly layer: LayerSpec;
  readonly inputs: readonly Value[];
  /** Of what comes out. */
  readonly shape: Shape;
  /** Of the layer, by Keras' name. */
  weight(name: string): Constant;
  readonly has: Beyond;
}

/** What a layer computes in prediction. */
export function lowerLayer(list: OperationList, { layer, inputs, shape, weight, has }: LayerGiven): Value {
  const [x] = inputs;
  if (!x) throw new Error(`${layer.name} has no input.`);
  const bias = (of: { readonly useBias?: boolean | undefined }) => ((of.useBias ?? true) ? weight('bias') : null);
  const active = (y: Value) => ('activation' in layer ? activate(list, y, layer.activation, has) : y);
  const fold = (how: Binary) => inputs.slice(1).reduce((sum, each) => list.binary(how, sum, each), x);
  switch (layer.kind) {
    case 'Conv2D':
    case 'DepthwiseConv2D': {
      const op = layer.kind === 'Conv2D' ? 'convolution' : 'depthwise';
      const { strides, padding, dilationRate: dilation = [1, 1] } = layer;
      const what = { op, kernel: weight('kernel'), bias: bias(layer), strides, padding, dilation } as const;
      return active(list.add(op, what, [x], shape));
    }
    case 'SeparableConv2D': {
      const { strides, padding, dilationRate: dilation = [1, 1] } = layer;
      const kernel = weight('depthwise_kernel');
      const between = [...shape.slice(0, 2), (kernel.shape[2] ?? 1) * (kernel.shape[3] ?? 1)];
      const first = { op: 'depthwise', kernel, bias: null, strides, padding, dilation } as const;
      const plain = { strides: [1, 1], padding: 'valid', dilation: [1, 1] } as const;
      const second = { op: 'convolution', kernel: weight('pointwise_kernel'), bias: bias(layer), ...plain } as const;
      const depthwise = list.add('depthwise', first, [x], between);
      return active(list.add('pointwise', second, [depthwise], shape));
    }
    case 'Conv2DTranspose': {
      const { strides, padding } = layer;
      const what = {
        op: 'transposed-convolution',
        kernel: weight('kernel'),
        bias: bias(layer),
        strides,
        padding,
      } as const;
      return active(list.add('convolution', what, [x], shape));
    }
    case 'Dense':
      return active(list.add('dense', { op: 'dense', kernel: weight('kernel'), bias: bias(layer) }, [x], shape));
    case 'Activation':
      return active(x);
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const { poolSize: window, strides, padding } = layer;
      const op = layer.kind === 'MaxPooling2D' ? 'max-pool' : 'average-pool';
      return list.add('pool', { op, window, strides, padding }, [x], shape);
    }
    case 'GlobalMaxPooling2D':
    case 'GlobalAveragePooling2D': {
      const op = layer.kind === 'GlobalMaxPooling2D' ? 'global-maximum' : 'global-mean';
      const row = list.add('pool', { op }, [x], x.shape.slice(-1));
      return layer.keepDims ? list.add('reshape', { op: 'reshape' }, [row], shape) : row;
    }
    case 'BatchNormalization':
      return batchNormalization(list, layer, x, weight);
    case 'LayerNormalization':
      return scaledBy(list, normalized(list, x, layer.epsilon), layer, weight);
    case 'GroupNormalization':
      return scaledBy(list, inGroups(list, x, layer), layer, weight);
    case 'Normalization':
      return byStatistics(list, x, weight('mean'), weight('variance'));
    case 'UnitNormalization': {
      const mean = lastMean(list, list.binary('multiply', x, x));
      const square = list.binary('multiply', mean, x.shape.at(-1) ?? 1);
      return list.binary('multiply', x, list.unary('rsqrt', list.binary('maximum', square, 1e-12)));
    }
    case 'Dropout':
    case 'SpatialDropout2D':
    case 'GaussianNoise':
      return x;
    case 'ReLU':
      return relu(list, layer, x);
    case 'LeakyReLU':
      return leaky(list, x, layer.negativeSlope);
    case 'PReLU': {
      const below = list.binary('multiply', list.binary('minimum', x, 0), weight('alpha'));
      return list.binary('add', list.unary('relu', x), below);
    }
    case 'ELU':
      return elu(list, x, layer.alpha);
    case 'Add':
      return fold('add');
    case 'Subtract':
      return fold('subtract');
    case 'Multiply':
      return fold('multiply');
    case 'Average':
      return list.binary('multiply', fold('add'), 1 / inputs.length);
    case 'Maximum':
      return fold('maximum');
    case 'Minimum':
      return fold('minimum');
    case 'Concatenate':
      return list.add('concatenate', { op: 'concatenate' }, inputs, shape);
    case 'Flatten':
    case 'Reshape':
      return list.add('reshape', { op: 'reshape' }, [x], shape);
    case 'Permute':
      return list.add('permute', { op: 'permute', order: layer.dims.map((axis) => axis - 1) }, [x], shape);
    case 'ZeroPadding2D':
      return list.add('pad', { op: 'pad', sides: layer.padding }, [x], shape);
    case 'Cropping2D':
      return list.add('crop', { op: 'crop', sides: layer.cropping }, [x], shape);
    case 'UpSampling2D':
      return list.add('resize', { op: 'resize', how: layer.interpolation }, [x], shape);
    case 'Resizing':
      return resizing(list, layer, x);
    case 'Rescaling': {
      const scaled = list.binary('multiply', x, layer.scale);
      return layer.offset === 0 ? scaled : list.binary('add', scaled, layer.offset);
    }
  }
}

/** As `layers/rectifiers.ts`. */
function relu(list: OperationList, { maxValue, negativeSlope, threshold }: LayerOf<'ReLU'>, x: Value): Value {
  if (threshold === 0 && negativeSlope === 0 && maxValue === 6) return list.unary('relu6', x);
  if (threshold === 0 && negativeSlope !== 0 && maxValue === undefined) return leaky(list, x, negativeSlope);
  const above = (from: Value) =>
    list.binary('multiply', from, list.unary('positive', list.binary('add', from, -threshold)));
  const kept = threshold === 0 ? list.unary('relu', x) : above(x);
  const capped = maxValue === undefined ? kept : list.binary('minimum', kept, maxValue);
  if (negativeSlope === 0) return capped;
  const below = list.binary('minimum', list.binary('add', x, -threshold), 0);
  return list.binary('add', capped, list.binary('multiply', below, negativeSlope));
}

/** As `resizing.ts`: zeros beside the image until it has the new proportions, then bilinear. */
function resizing(list: OperationList, { height, width }: LayerOf<'Resizing'>, x: Value): Value {
  const [rows = 0, columns = 0, channels = 0] = x.shape;
  const fit = (side: number, other: number, target: number, otherTarget: number) =>
    Math.max(side, Math.trunc((other * target) / otherTarget));
  const top = Math.trunc((fit(rows, columns, height, width) - rows) / 2);
  const left = Math.trunc((fit(columns, rows, width, height) - columns) / 2);
  const sides: Sides = [
    [top, top],
    [left, left],
  ];
  const padded =
    top + left === 0 ? x : list.add('pad', { op: 'pad', sides }, [x], [rows + 2 * top, columns + 2 * left, channels]);
  return list.add('resize', { op: 'resize', how: 'bilinear' }, [padded], [height, width, channels]);
}
