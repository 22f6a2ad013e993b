import { conv, LayerList } from '../presets/layer-list.ts';
import type { LayerSpec } from '../spec.ts';
import { classCount, once, type ZooDefinition } from './definition.ts';
import { apache, cited, kernels, kerasWeights } from './keras-applications.ts';
import { addHead, bare, depthwise, normalization, relu6 } from './layers.ts';

/** A row and a column of zeros after the last; `before` of them ahead of the first. */
const padded = (name: string, before: 0 | 1): LayerSpec => ({
  kind: 'ZeroPadding2D',
  name,
  padding: [
    [before, 1],
    [before, 1],
  ],
});

/** Filters and stride of each block. */
const first: readonly (readonly [filters: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1] as const),
  [1024, 2],
  [1024, 1],
];

/** keras/src/applications/mobilenet.py */
function mobilenetLayers(): LayerSpec[] {
  const list = new LayerList();
  const activated = (name: string) => {
    list.add(normalization(`${name}_bn`));
    list.add(relu6(`${name}_relu`));
  };
  list.add(conv('conv1', 32, 3, { stride: 2, ...bare }));
  activated('conv1');
  for (const [place, [filters, stride]] of first.entries()) {
    const block = place + 1;
    if (stride === 2) list.add(padded(`conv_pad_${block}`, 0));
    list.add(depthwise(`conv_dw_${block}`, { size: 3, stride, padding: stride === 2 ? 'valid' : 'same' }));
    activated(`conv_dw_${block}`);
    list.add(conv(`conv_pw_${block}`, filters, 1, bare));
    activated(`conv_pw_${block}`);
  }
  list.add({ kind: 'GlobalAveragePooling2D', name: 'global_average_pooling2d' });
  // There the pooling keeps its two sides of 1.
  list.add({ kind: 'Reshape', name: 'reshape_1', targetShape: [1, 1, 1024] });
  list.add({ kind: 'Dropout', name: 'dropout', rate: 0.001 });
  list.add(conv('conv_preds', classCount, 1, { activation: 'linear' }));
  list.add({ kind: 'Reshape', name: 'reshape_2', targetShape: [classCount] });
  list.add({ kind: 'Activation', name: 'predictions', activation: 'softmax' });
  return list.layers;
}

/** Filters, stride and how much wider inside. */
const second: readonly (readonly [filters: number, stride: number])[] = [
  [16, 1],
  [24, 2],
  [24, 1],
  [32, 2],
  [32, 1],
  [32, 1],
  [64, 2],
  [64, 1],
  [64, 1],
  [64, 1],
  [96, 1],
  [96, 1],
  [96, 1],
  [160, 2],
  [160, 1],
  [160, 1],
  [320, 1],
];
const expansion = 6;

/** keras/src/applications/mobilenet_v2.py */
function mobilenetV2Layers(): LayerSpec[] {
  const list = new LayerList();
  const momentum = 0.999;
  list.add(conv('Conv1', 32, 3, { stride: 2, ...bare }));
  list.add(normalization('bn_Conv1', { momentum }));
  let at = list.add(relu6('Conv1_relu'));
  let channels = 32;
  let side = 112;
  for (const [block, [filters, stride]] of second.entries()) {
    const prefix = block === 0 ? 'expanded_conv_' : `block_${block}_`;
    const from = at;
    if (block > 0) {
      list.add(conv(`${prefix}expand`, expansion * channels, 1, bare));
      list.add(normalization(`${prefix}expand_BN`, { momentum }));
      list.add(relu6(`${prefix}expand_relu`));
    }
    if (stride === 2) list.add(padded(`${prefix}pad`, side % 2 === 0 ? 0 : 1));
    list.add(depthwise(`${prefix}depthwise`, { size: 3, stride, padding: stride === 2 ? 'valid' : 'same' }));
    list.add(normalization(`${prefix}depthwise_BN`, { momentum }));
    list.add(relu6(`${prefix}depthwise_relu`));
    list.add(conv(`${prefix}project`, filters, 1, bare));
    at = list.add(normalization(`${prefix}project_BN`, { momentum }));
    if (stride === 1 && filters === channels) at = list.add({ kind: 'Add', name: `${prefix}add` }, from, at);
    channels = filters;
    side = Math.ceil(side / stride);
  }
  list.add(conv('Conv_1', 1280, 1, { padding: 'valid', ...bare }));
  list.add(normalization('Conv_1_bn', { momentum }));
  addHead(list, list.add(relu6('out_relu')), 'global_average_pooling2d');
  return list.layers;
}

const mobilenetSource = cited(
  'Howard et al.: MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications (2017)',
  apache,
);
const mobilenetV2Source = cited(
  'Sandler et al.: MobileNetV2: Inverted Residuals and Linear Bottlenecks (2018)',
  apache,
);

export const mobilenet: ZooDefinition = {
  ...{ id: 'mobilenet', name: 'MobileNet', family: 'MobileNet', source: mobilenetSource },
  ...{ top1: 0.704, top5: 0.895, parameters: 4_253_864, depth: 55 },
  weights: kerasWeights('mobilenet/mobilenet_1_0_224_tf.h5', null),
  network: once(() => ({
    ...{ id: 'mobilenet', name: 'MobileNet', input: [224, 224, 3], preprocessing: 'minus-one-to-one' },
    ...{ source: mobilenetSource, layers: mobilenetLayers() },
  })),
};

export const mobilenetV2: ZooDefinition = {
  ...{ id: 'mobilenetv2', name: 'MobileNetV2', family: 'MobileNet', source: mobilenetV2Source },
  ...{ top1: 0.713, top5: 0.901, parameters: 3_538_984, depth: 105 },
  weights: kerasWeights(`mobilenet_v2/mobilenet_v2_${kernels}_1.0_224.h5`, null),
  network: once(() => ({
    ...{ id: 'mobilenetv2', name: 'MobileNetV2', input: [224, 224, 3], preprocessing: 'minus-one-to-one' },
    ...{ source: mobilenetV2Source, layers: mobilenetV2Layers() },
  })),
};
