import { tf } from '#engine/backend/tensors.ts';
import { activate } from './activations.ts';
import { active, biasOf, plain, trained, words, wrongInput } from './shapes.ts';
import type { Written } from './written.ts';

/** With activations that tfjs' layer does not have as Keras has them; the others are its. */
export const dense: Written<'Dense'> = {
  facts: (layer, [input = []], classes) => {
    const [values, ...rest] = input;
    if (values === undefined || rest.length > 0) throw wrongInput(layer, { need: 'row', size: '' }, input);
    const units = layer.units === 'classes' ? classes : layer.units;
    return {
      outputShape: [units],
      weights: [trained('kernel', [values, units]), ...biasOf(layer.useBias, units)],
      flops: 2 * values * units,
      settings: words(`${units} units`, active(layer.activation)),
    };
  },
  call: ({ activation, useBias }, { x, weight }) => {
    const product = tf.matMul(x as tf.Tensor2D, weight('kernel') as tf.Tensor2D);
    return activate((useBias ?? true) ? tf.add(product, weight('bias')) : product, activation);
  },
  starts: ({ kernelInitializer, biasInitializer }) => ({ kernel: kernelInitializer, bias: biasInitializer }),
};

export const activation: Written<'Activation'> = {
  facts: (layer, [input = []]) => plain(input, layer.activation),
  call: (layer, { x }) => activate(x, layer.activation),
};
