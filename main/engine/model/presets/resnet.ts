import type { LayerSpec, NetworkSpec } from '../spec.ts';
import { classifier, conv, LayerList, pool, zeros } from './layer-list.ts';

const source = 'He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (2016), table 1';
const filters = [64, 128, 256, 512];
/** Images of at most so many pixels a side begin with a 3×3 convolution and no pooling, as §4.2 does on CIFAR-10. */
const smallSide = 64;
const he = { useBias: false, activation: 'linear', kernelInitializer: 'he_normal' } as const;
const relu = (name: string): LayerSpec => ({ kind: 'Activation', name, activation: 'relu' });
const normalization = (name: string): LayerSpec => ({
  kind: 'BatchNormalization',
  name,
  momentum: 0.9,
  epsilon: 1e-5,
  scale: true,
});

/** Two 3×3 convolutions beside a shortcut (figure 5, left). */
function basicBlock(
  list: LayerList,
  name: string,
  from: string,
  width: number,
  stride: number,
  project: boolean,
): string {
  list.add(conv(`${name}_1_conv`, width, 3, { stride, ...he }), from);
  list.add(normalization(`${name}_1_bn`));
  list.add(relu(`${name}_1_relu`));
  list.add(conv(`${name}_2_conv`, width, 3, he));
  const main = list.add(normalization(`${name}_2_bn`));
  let shortcut = from;
  if (project) {
    list.add(conv(`${name}_0_conv`, width, 1, { stride, ...he }), from);
    shortcut = list.add(normalization(`${name}_0_bn`));
  }
  list.add({ kind: 'Add', name: `${name}_add` }, shortcut, main);
  return list.add(relu(`${name}_out`));
}

function basic(counts: readonly number[], small: boolean): LayerSpec[] {
  const list = new LayerList();
  list.add(conv('conv1_conv', 64, small ? 3 : 7, { stride: small ? 1 : 2, ...he }));
  list.add(normalization('conv1_bn'));
  let at = list.add(relu('conv1_relu'));
  if (!small) at = list.add(pool('MaxPooling2D', 'pool1_pool', 3, 2, 'same'));
  for (const [stage, count] of counts.entries()) {
    for (let block = 0; block < count; block++) {
      const first = block === 0 && stage > 0;
      at = basicBlock(list, `conv${stage + 2}_block${block + 1}`, at, filters[stage] ?? 512, first ? 2 : 1, first);
    }
  }
  return ended(list);
}

const kerasNormalization = (name: string): LayerSpec => ({
  kind: 'BatchNormalization',
  name,
  momentum: 0.99,
  epsilon: 1.001e-5,
  scale: true,
});
const linear = { activation: 'linear', kernelInitializer: 'he_normal' } as const;

/** 1×1, 3×3, 1×1 beside a shortcut (figure 5, right), stride in the first, as keras/src/applications/resnet.py. */
function bottleneck(
  list: LayerList,
  name: string,
  from: string,
  width: number,
  stride: number,
  project: boolean,
): string {
  let shortcut = from;
  if (project) {
    list.add(conv(`${name}_0_conv`, 4 * width, 1, { stride, padding: 'valid', ...linear }), from);
    shortcut = list.add(kerasNormalization(`${name}_0_bn`));
  }
  list.add(conv(`${name}_1_conv`, width, 1, { stride, padding: 'valid', ...linear }), from);
  list.add(kerasNormalization(`${name}_1_bn`));
  list.add(relu(`${name}_1_relu`));
  list.add(conv(`${name}_2_conv`, width, 3, linear));
  list.add(kerasNormalization(`${name}_2_bn`));
  list.add(relu(`${name}_2_relu`));
  list.add(conv(`${name}_3_conv`, 4 * width, 1, { padding: 'valid', ...linear }));
  const main = list.add(kerasNormalization(`${name}_3_bn`));
  list.add({ kind: 'Add', name: `${name}_add` }, shortcut, main);
  return list.add(relu(`${name}_out`));
}

/** Layers named and made as in keras.applications. @param small whether images are of few pixels */
export function bottlenecks(counts: readonly number[], small: boolean): LayerSpec[] {
  const list = new LayerList();
  if (small) list.add(conv('conv1_conv', 64, 3, linear));
  else {
    list.add(zeros('conv1_pad', 3));
    list.add(conv('conv1_conv', 64, 7, { stride: 2, padding: 'valid', ...linear }));
  }
  list.add(kerasNormalization('conv1_bn'));
  let at = list.add(relu('conv1_relu'));
  if (!small) {
    list.add(zeros('pool1_pad', 1));
    at = list.add(pool('MaxPooling2D', 'pool1_pool', 3, 2));
  }
  for (const [stage, count] of counts.entries()) {
    for (let block = 0; block < count; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1;
      at = bottleneck(list, `conv${stage + 2}_block${block + 1}`, at, filters[stage] ?? 512, stride, block === 0);
    }
  }
  return ended(list);
}

function ended(list: LayerList): LayerSpec[] {
  list.add({ kind: 'GlobalAveragePooling2D', name: 'avg_pool' });
  list.add(classifier('predictions'));
  return list.layers;
}

function network(depth: number, make: (small: boolean) => LayerSpec[], cited = source): NetworkSpec {
  const [large, small] = [make(false), make(true)];
  return {
    id: `resnet-${depth}`,
    name: `ResNet-${depth}`,
    input: [224, 224, 3],
    preprocessing: 'divide-255',
    source: cited,
    layers: large,
    layersFor: ({ height, width }) => (Math.max(height, width) <= smallSide ? small : large),
  };
}

export const resnet18 = network(18, (small) => basic([2, 2, 2, 2], small));
export const resnet34 = network(34, (small) => basic([3, 4, 6, 3], small));
/** Layers named and made as in keras.applications, so that its weights fit. */
export const resnet50 = network(50, (small) => bottlenecks([3, 4, 6, 3], small), `${source}, as in keras.applications`);
