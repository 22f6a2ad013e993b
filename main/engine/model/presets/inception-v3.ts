import type { NetworkSpec } from '../spec.ts';
import { classifier, conv, enlarged, LayerList, pool } from './layer-list.ts';

const list = new LayerList();
let convolutions = 0;
let poolings = 0;

interface Options {
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
}

const numbered = (name: string, number: number) => (number === 0 ? name : `${name}_${number}`);

/** Convolution without bias, normalization without scale, Relu: `conv2d_bn` of keras/src/applications/inception_v3.py. */
function convBn(
  from: string,
  filters: number,
  size: number | readonly [number, number],
  options: Options = {},
): string {
  const number = convolutions++;
  const { stride = 1, padding = 'same' } = options;
  const he = 'he_normal' as const;
  const made = conv(numbered('conv2d', number), filters, size, {
    stride,
    padding,
    activation: 'linear',
    useBias: false,
    kernelInitializer: he,
  });
  list.add(made, ...(from === '' ? [] : [from]));
  list.add({
    kind: 'BatchNormalization',
    name: numbered('batch_normalization', number),
    momentum: 0.99,
    epsilon: 0.001,
    scale: false,
  });
  return list.add({ kind: 'Activation', name: numbered('activation', number), activation: 'relu' });
}

const averaged = (from: string) =>
  list.add(pool('AveragePooling2D', numbered('average_pooling2d', poolings++), 3, 1, 'same'), from);
const concat = (name: string, ...inputs: string[]) => list.add({ kind: 'Concatenate', name }, ...inputs);

let maxPoolings = 0;
const halved = (from: string) => list.add(pool('MaxPooling2D', numbered('max_pooling2d', maxPoolings++), 3, 2), from);

/** 35×35 (figure 5 of the paper). */
function mixedA(name: string, from: string, pooled: number): string {
  const one = convBn(from, 64, 1);
  const five = convBn(convBn(from, 48, 1), 64, 5);
  const three = convBn(convBn(convBn(from, 64, 1), 96, 3), 96, 3);
  return concat(name, one, five, three, convBn(averaged(from), pooled, 1));
}

/** 17×17 (figure 6): convolutions of 7×7 as 1×7 and 7×1. */
function mixedB(name: string, from: string, width: number): string {
  const one = convBn(from, 192, 1);
  const seven = convBn(convBn(convBn(from, width, 1), width, [1, 7]), 192, [7, 1]);
  let twice = convBn(from, width, 1);
  for (const [filters, size] of [
    [width, [7, 1]],
    [width, [1, 7]],
    [width, [7, 1]],
    [192, [1, 7]],
  ] as const) {
    twice = convBn(twice, filters, size);
  }
  return concat(name, one, seven, twice, convBn(averaged(from), 192, 1));
}

/** 8×8 (figure 7): branches that fork at their ends. */
function mixedC(name: string, inner: readonly [string, string], from: string): string {
  const one = convBn(from, 320, 1);
  const three = convBn(from, 384, 1);
  const forked = concat(inner[0], convBn(three, 384, [1, 3]), convBn(three, 384, [3, 1]));
  const twice = convBn(convBn(from, 448, 1), 384, 3);
  const twiceForked = concat(inner[1], convBn(twice, 384, [1, 3]), convBn(twice, 384, [3, 1]));
  return concat(name, one, forked, twiceForked, convBn(averaged(from), 192, 1));
}

const stem = convBn(convBn(convBn('', 32, 3, { stride: 2, padding: 'valid' }), 32, 3, { padding: 'valid' }), 64, 3);
let at = halved(convBn(convBn(halved(stem), 80, 1, { padding: 'valid' }), 192, 3, { padding: 'valid' }));
at = mixedA('mixed0', at, 32);
at = mixedA('mixed1', at, 64);
at = mixedA('mixed2', at, 64);
const three = convBn(at, 384, 3, { stride: 2, padding: 'valid' });
const twice = convBn(convBn(convBn(at, 64, 1), 96, 3), 96, 3, { stride: 2, padding: 'valid' });
at = concat('mixed3', three, twice, halved(at));
at = mixedB('mixed4', at, 128);
at = mixedB('mixed5', at, 160);
at = mixedB('mixed6', at, 160);
at = mixedB('mixed7', at, 192);
const reduced = convBn(convBn(at, 192, 1), 320, 3, { stride: 2, padding: 'valid' });
const seven = convBn(convBn(convBn(convBn(at, 192, 1), 192, [1, 7]), 192, [7, 1]), 192, 3, {
  stride: 2,
  padding: 'valid',
});
at = concat('mixed8', reduced, seven, halved(at));
at = mixedC('mixed9', ['mixed9_0', 'concatenate'], at);
at = mixedC('mixed10', ['mixed9_1', 'concatenate_1'], at);
list.add({ kind: 'GlobalAveragePooling2D', name: 'avg_pool' }, at);
list.add(classifier('predictions'));

/** As keras.applications has it, with its layers' names and without the auxiliary classifier of the paper. */
export const inceptionV3: NetworkSpec = {
  id: 'inception-v3',
  name: 'Inception V3',
  input: [299, 299, 3],
  preprocessing: 'divide-255',
  source: 'Szegedy et al.: Rethinking the Inception Architecture for Computer Vision (2016), as in keras.applications',
  layers: list.layers,
  // 75 pixels are the least that its unpadded layers leave something of (keras.applications says the same).
  layersFor: (images) => enlarged(list.layers, 75, images),
};
