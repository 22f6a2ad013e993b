import type { NetworkSpec } from '../spec.ts';
import { classifier, conv, enlarged, LayerList, pool } from './layer-list.ts';

const he = { kernelInitializer: 'he_normal' } as const;

/** Filters of an inception module: 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, projection after the pool (table 1). */
type Module = readonly [number, number, number, number, number, number];

function inception(list: LayerList, name: string, from: string, module: Module): string {
  const [one, reduce3, three, reduce5, five, projection] = module;
  const named = (part: string) => `inception_${name}_${part}`;
  const branches = [
    list.add(conv(named('1x1'), one, 1, he), from),
    chain(from, conv(named('3x3_reduce'), reduce3, 1, he), conv(named('3x3'), three, 3, he)),
    chain(from, conv(named('5x5_reduce'), reduce5, 1, he), conv(named('5x5'), five, 5, he)),
    chain(from, pool('MaxPooling2D', named('pool'), 3, 1, 'same'), conv(named('pool_proj'), projection, 1, he)),
  ];
  return list.add({ kind: 'Concatenate', name: named('output') }, ...branches);

  function chain(
    start: string,
    first: Parameters<LayerList['add']>[0],
    second: Parameters<LayerList['add']>[0],
  ): string {
    return list.add(second, list.add(first, start));
  }
}

/** A classifier on the way, so that gradients reach the early layers (§5). */
function auxiliary(list: LayerList, number: number, from: string): string {
  const named = (part: string) => `aux${number}_${part}`;
  list.add(pool('AveragePooling2D', named('pool'), 5, 3), from);
  list.add(conv(named('conv'), 128, 1, he));
  list.add({ kind: 'Flatten', name: named('flatten') });
  list.add({ kind: 'Dense', name: named('fc'), units: 1024, activation: 'relu', ...he });
  list.add({ kind: 'Dropout', name: named('dropout'), rate: 0.7 });
  return list.add(classifier(named('predictions')));
}

const list = new LayerList();
list.add(conv('conv1', 64, 7, { stride: 2, ...he }));
list.add(pool('MaxPooling2D', 'pool1', 3, 2, 'same'));
list.add(conv('conv2_reduce', 64, 1, he));
list.add(conv('conv2', 192, 3, he));
const stem = list.add(pool('MaxPooling2D', 'pool2', 3, 2, 'same'));
const third = inception(
  list,
  '3b',
  inception(list, '3a', stem, [64, 96, 128, 16, 32, 32]),
  [128, 128, 192, 32, 96, 64],
);
const a4 = inception(
  list,
  '4a',
  list.add(pool('MaxPooling2D', 'pool3', 3, 2, 'same'), third),
  [192, 96, 208, 16, 48, 64],
);
const first = auxiliary(list, 1, a4);
const b4 = inception(list, '4b', a4, [160, 112, 224, 24, 64, 64]);
const d4 = inception(list, '4d', inception(list, '4c', b4, [128, 128, 256, 24, 64, 64]), [112, 144, 288, 32, 64, 64]);
const second = auxiliary(list, 2, d4);
const e4 = inception(list, '4e', d4, [256, 160, 320, 32, 128, 128]);
const a5 = inception(
  list,
  '5a',
  list.add(pool('MaxPooling2D', 'pool4', 3, 2, 'same'), e4),
  [256, 160, 320, 32, 128, 128],
);
inception(list, '5b', a5, [384, 192, 384, 48, 128, 128]);
list.add({ kind: 'GlobalAveragePooling2D', name: 'avg_pool' });
list.add({ kind: 'Dropout', name: 'dropout', rate: 0.4 });
list.add(classifier('predictions'));

/** With two auxiliary classifiers in training, whose losses count 0.3; prediction does without them. */
export const googlenet: NetworkSpec = {
  id: 'googlenet',
  name: 'GoogLeNet',
  input: [224, 224, 3],
  preprocessing: 'divide-255',
  source: 'Szegedy et al.: Going Deeper with Convolutions (2015), table 1 and §5, without response normalization',
  layers: list.layers,
  // The auxiliary classifiers pool 5×5 where the image is a sixteenth of its size.
  layersFor: (images) => enlarged(list.layers, 96, images),
  auxiliary: [
    { layer: first, lossWeight: 0.3 },
    { layer: second, lossWeight: 0.3 },
  ],
};
