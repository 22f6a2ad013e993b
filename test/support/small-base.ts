import type { NetworkData } from '#engine/model/spec.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { portableOf } from './portable-models.ts';

const relu = { activation: 'relu', strides: [1, 1], padding: 'same' } as const;
const linear = { ...relu, activation: 'linear' } as const;
const normal = { kind: 'BatchNormalization', momentum: 0.9, epsilon: 0.001, scale: true } as const;

/** Two residual blocks and a classifier of its own; dropout inside, as EfficientNets have it. */
export const smallBaseSpec: NetworkData = {
  id: 'small-base',
  name: 'Small base',
  input: [8, 8, 3],
  preprocessing: 'caffe',
  source: 'tests',
  layers: [
    { kind: 'Conv2D', name: 'stem_conv', filters: 4, kernelSize: [3, 3], ...linear },
    { ...normal, name: 'stem_bn' },
    { kind: 'Activation', name: 'stem_relu', activation: 'relu' },
    { kind: 'Conv2D', name: 'first_conv', filters: 4, kernelSize: [3, 3], ...relu },
    { kind: 'Dropout', name: 'first_drop', rate: 0.5 },
    { kind: 'Add', name: 'first_add', inputs: ['stem_relu', 'first_drop'] },
    { kind: 'Conv2D', name: 'second_conv', filters: 4, kernelSize: [3, 3], ...linear },
    { ...normal, name: 'second_bn' },
    { kind: 'Add', name: 'second_add', inputs: ['first_add', 'second_bn'] },
    { kind: 'Activation', name: 'second_out', activation: 'relu' },
    { kind: 'GlobalAveragePooling2D', name: 'avg_pool' },
    { kind: 'Dropout', name: 'top_dropout', rate: 0.2 },
    { kind: 'Dense', name: 'predictions', units: 5, activation: 'softmax' },
  ],
};

export const smallBase = (seed = 7): PortableModel =>
  portableOf(smallBaseSpec, { height: 8, width: 8, channels: 3, classes: 5 }, seed);
