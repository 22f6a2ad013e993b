import { tf } from '#engine/backend/tensors.ts';
import { resizeBilinear } from '#engine/backend/native/resize-bilinear.ts';
import { plain, plane, product, wrongInput, wrongSetting, type Shape } from './shapes.ts';
import type { Written } from './written.ts';

export const cropping2D: Written<'Cropping2D'> = {
  facts: (layer, [input = []]) => {
    const [height, width, channels] = plane(layer, input);
    const [[top, bottom], [left, right]] = layer.cropping;
    const out = [height - top - bottom, width - left - right] as const;
    if (out[0] < 1 || out[1] < 1) {
      throw wrongInput(layer, { need: 'least', size: `${top + bottom + 1}×${left + right + 1}` }, [height, width]);
    }
    return plain([...out, channels], [...new Set([top, bottom, left, right])].join(', '));
  },
  call: ({ cropping: [[top, bottom], [left, right]] }, { x }) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    return tf.slice(x, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  },
};

export const upSampling2D: Written<'UpSampling2D'> = {
  facts: (layer, [input = []]) => {
    const [height, width, channels] = plane(layer, input);
    const [high, wide] = layer.size;
    return plain([height * high, width * wide, channels], `${high}×${wide}, ${layer.interpolation}`);
  },
  call: ({ size: [high, wide], interpolation }, { x }) => {
    const [, height = 1, width = 1] = x.shape;
    const to: [number, number] = [height * high, width * wide];
    if (interpolation === 'nearest') return tf.image.resizeNearestNeighbor(x as tf.Tensor4D, to);
    return resizeBilinear(x as tf.Tensor4D, to);
  },
};

export const rescaling: Written<'Rescaling'> = {
  facts: ({ scale, offset }, [input = []]) =>
    plain(input, `× ${round(scale)}${offset === 0 ? '' : ` + ${round(offset)}`}`),
  call: ({ scale, offset }, { x }) => tf.add(tf.mul(x, scale), offset),
};

export const reshape: Written<'Reshape'> = {
  facts: (layer, [input = []]) => plain(target(layer, input), layer.targetShape.join('×')),
  call: (layer, { x }) => tf.reshape(x, [x.shape[0] ?? 1, ...target(layer, x.shape.slice(1))]),
};

export const permute: Written<'Permute'> = {
  facts: (layer, [input = []]) => {
    const { dims } = layer;
    if ([...dims].sort().join() !== input.map((_, axis) => axis + 1).join()) {
      const axes = input.map((_, axis) => axis + 1).join(', ');
      throw wrongSetting(layer, 'dims', `${axes} in some order`, dims.join(', '));
    }
    return plain(
      dims.map((axis) => input[axis - 1] ?? 1),
      dims.join(', '),
    );
  },
  call: ({ dims }, { x }) => tf.transpose(x, [0, ...dims]),
};

/** Fails: `model/wrong-setting`. */
function target(layer: Parameters<(typeof reshape)['facts']>[0], input: Shape): Shape {
  const { targetShape } = layer;
  const values = product(input);
  const known = product(targetShape.filter((side) => side !== -1));
  const open = targetShape.filter((side) => side === -1).length;
  if (open > 1 || (open === 1 ? values % known !== 0 : values !== known)) {
    throw wrongSetting(layer, 'target_shape', `${values} values, at most one side −1`, targetShape.join(', '));
  }
  return targetShape.map((side) => (side === -1 ? values / known : side));
}

const round = (value: number) => Number(value.toPrecision(4));
