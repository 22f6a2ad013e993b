import type { LayerSpec } from './spec.ts';
import { writtenKind } from './layers/kinds.ts';
import {
  plain,
  plane,
  pooled,
  product,
  joinedShape,
  slide,
  trained,
  wrongInput,
  type LayerFacts,
  type Shape,
  type WeightFacts,
} from './layers/shapes.ts';

export { product, type LayerFacts, type WeightFacts } from './layers/shapes.ts';

/**
 * @param inputs shapes of what the layer takes, without the batch axis
 * Fails: `model/wrong-input`, `model/wrong-setting`, naming the layer: it does not take such an input, or nothing would be
 * left of the image.
 */
export function layerFacts(layer: LayerSpec, inputs: readonly Shape[], classes: number): LayerFacts {
  const [input = []] = inputs;
  switch (layer.kind) {
    case 'AveragePooling2D':
    case 'MaxPooling2D': {
      const [height, width, channels] = plane(layer, input);
      const out = slide(layer, [height, width], layer.poolSize, layer.strides, layer.padding);
      return { outputShape: [...out, channels], weights: [], flops: 0, settings: layer.poolSize.join('×') };
    }
    case 'BatchNormalization': {
      const channels = [input.at(-1) ?? 0];
      const kept = (name: WeightFacts['name']) => ({ name, shape: channels, trainable: false });
      return {
        outputShape: input,
        weights: [
          ...(layer.scale ? [trained('gamma', channels)] : []),
          ...((layer.center ?? true) ? [trained('beta', channels)] : []),
          kept('moving_mean'),
          kept('moving_variance'),
        ],
        flops: 0,
        settings: `momentum ${layer.momentum}, ε ${layer.epsilon}`,
      };
    }
    case 'Add':
      return plain(joinedShape(layer, inputs));
    case 'Concatenate': {
      const sides = input.slice(0, -1);
      const channels = inputs.map((shape) => {
        if (shape.slice(0, -1).join('×') === sides.join('×') && shape.length === input.length) return shape.at(-1) ?? 0;
        throw wrongInput(
          layer,
          sides.length > 0 ? { need: 'planes', size: sides.join('×') } : { need: 'row', size: '' },
          shape,
        );
      });
      return plain([...sides, channels.reduce((sum, depth) => sum + depth, 0)]);
    }
    case 'ZeroPadding2D': {
      const [height, width, channels] = plane(layer, input);
      const [[top, bottom], [left, right]] = layer.padding;
      const sides = [...new Set([top, bottom, left, right])];
      return plain([height + top + bottom, width + left + right, channels], sides.join(', '));
    }
    case 'GlobalAveragePooling2D':
      return plain(pooled(layer, input));
    case 'Resizing':
      return plain([layer.height, layer.width, plane(layer, input)[2]], `${layer.height}×${layer.width}, padded`);
    case 'Dropout':
      return { outputShape: input, weights: [], flops: 0, settings: `rate ${layer.rate}` };
    case 'Flatten':
      return { outputShape: [product(input)], weights: [], flops: 0, settings: '' };
    default: {
      const written = writtenKind(layer);
      if (!written) throw new Error(`Nothing says what ${layer.kind} does.`);
      return written.facts(layer, inputs, classes);
    }
  }
}
