import { conv, LayerList } from '../presets/layer-list.ts';
import type { NetworkData } from '../spec.ts';
import { classCount, once, type ZooDefinition } from './definition.ts';
import { bare, depthwise, normalization, relu6 } from './layers.ts';

/** Channels that a block leaves, its kernel, its stride: EfficientNet-B0's without squeeze and excitation. */
const blocks: readonly (readonly [filters: number, size: number, stride: number])[] = [
  [16, 3, 1],
  [24, 3, 2],
  [24, 3, 1],
  [40, 5, 2],
  [40, 5, 1],
  [80, 3, 2],
  [80, 3, 1],
  [80, 3, 1],
  [112, 5, 1],
  [112, 5, 1],
  [112, 5, 1],
  [192, 5, 2],
  [192, 5, 1],
  [192, 5, 1],
  [192, 5, 1],
  [320, 3, 1],
];
/** All but the first block widen their input so many times. */
const expansion = 6;

/** Names as in the file that the embedded weights come from. */
function network(): NetworkData {
  const list = new LayerList();
  const activated = (name: string) => {
    list.add(normalization(`${name}_bn`));
    return list.add(relu6(`${name}_relu6`));
  };
  list.add(conv('stem_conv', 32, 3, { stride: 2, ...bare }));
  let at = activated('stem');
  let channels = 32;
  for (const [place, [filters, size, stride]] of blocks.entries()) {
    const block = `block${place}`;
    const from = at;
    if (place > 0) {
      list.add(conv(`${block}_expand_conv`, channels * expansion, 1, bare));
      activated(`${block}_expand`);
    }
    list.add(depthwise(`${block}_dwconv`, { size, stride }));
    activated(`${block}_dw`);
    list.add(conv(`${block}_project_conv`, filters, 1, bare));
    at = list.add(normalization(`${block}_project_bn`));
    if (stride === 1 && channels === filters) at = list.add({ kind: 'Add', name: `${block}_add` }, from, at);
    channels = filters;
  }
  list.add(conv('top_conv', 1280, 1, bare));
  activated('top');
  list.add({ kind: 'GlobalAveragePooling2D', name: 'avg_pool' });
  list.add({ kind: 'Dropout', name: 'top_dropout', rate: 0.2 });
  list.add({ kind: 'Dense', name: 'predictions', units: classCount, activation: 'softmax' });
  return {
    id: 'efficientnet-lite0',
    name: 'EfficientNet-Lite0',
    input: [224, 224, 3],
    preprocessing: 'lite',
    source: 'Tan, Le: EfficientNet (2019), Lite variant of TensorFlow',
    layers: list.layers,
  };
}

export const efficientnetLite0: ZooDefinition = {
  id: 'efficientnet-lite0',
  name: 'EfficientNet-Lite0',
  family: 'EfficientNet',
  top1: 0.751,
  top5: null,
  parameters: 4_694_024,
  depth: null,
  source:
    'Tan, Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks (2019); top-1 from TensorFlow’s EfficientNet-Lite README; weights: Apache-2.0',
  weights: null,
  network: once(network),
};
