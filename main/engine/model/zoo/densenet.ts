import { conv, LayerList, pool, zeros } from '../presets/layer-list.ts';
import type { LayerSpec } from '../spec.ts';
import { once, type ZooDefinition } from './definition.ts';
import { cited, kernels, kerasWeights } from './keras-applications.ts';
import { addHead, bare, normalization, relu } from './layers.ts';

const id = 'densenet121';
const name = 'DenseNet121';
const source = cited('Huang et al.: Densely Connected Convolutional Networks (2017)', 'BSD 3-clause (Facebook)');
const blocks = [6, 12, 24, 16];
/** Channels that each layer adds. */
const growth = 32;
const epsilon = 1.001e-5;

/** keras/src/applications/densenet.py */
function layers(): LayerSpec[] {
  const list = new LayerList();
  const activated = (bn: string, activation: string, from?: string) => {
    list.add(normalization(bn, { epsilon }), ...(from === undefined ? [] : [from]));
    return list.add(relu(activation));
  };
  list.add(zeros('zero_padding2d', 3));
  list.add(conv('conv1_conv', 64, 7, { stride: 2, padding: 'valid', ...bare }));
  activated('conv1_bn', 'conv1_relu');
  list.add(zeros('zero_padding2d_1', 1));
  let at = list.add(pool('MaxPooling2D', 'pool1', 3, 2));
  let channels = 64;
  for (const [stage, count] of blocks.entries()) {
    for (let block = 1; block <= count; block++) {
      const called = `conv${stage + 2}_block${block}`;
      activated(`${called}_0_bn`, `${called}_0_relu`, at);
      list.add(conv(`${called}_1_conv`, 4 * growth, 1, { padding: 'valid', ...bare }));
      activated(`${called}_1_bn`, `${called}_1_relu`);
      const added = list.add(conv(`${called}_2_conv`, growth, 3, bare));
      at = list.add({ kind: 'Concatenate', name: `${called}_concat` }, at, added);
      channels += growth;
    }
    if (stage === blocks.length - 1) break;
    channels /= 2;
    const transition = `pool${stage + 2}`;
    activated(`${transition}_bn`, `${transition}_relu`);
    list.add(conv(`${transition}_conv`, channels, 1, { padding: 'valid', ...bare }));
    at = list.add(pool('AveragePooling2D', `${transition}_pool`, 2, 2));
  }
  addHead(list, activated('bn', 'relu'));
  return list.layers;
}

export const densenet121: ZooDefinition = {
  ...{ id, name, family: 'DenseNet', source },
  ...{ top1: 0.75, top5: 0.923, parameters: 8_062_504, depth: 242 },
  weights: kerasWeights(`densenet/densenet121_${kernels}.h5`, '9d60b8095a5708f2dcce2bca79d332c7'),
  network: once(() => ({
    ...{ id, name, input: [224, 224, 3], preprocessing: 'torch', source },
    layers: layers(),
  })),
};
