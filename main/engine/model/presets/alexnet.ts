import type { LayerSpec, NetworkSpec } from '../spec.ts';
import { classifier, conv, pool } from './layer-list.ts';

const he = { kernelInitializer: 'he_normal' } as const;
const hidden = (name: string): LayerSpec => ({ kind: 'Dense', name, units: 4096, activation: 'relu', ...he });
const dropout = (name: string): LayerSpec => ({ kind: 'Dropout', name, rate: 0.5 });

/** Images of any size are resized to 227×227, with zeros beside them to keep their proportions. */
export const alexnet: NetworkSpec = {
  id: 'alexnet',
  name: 'AlexNet',
  input: [227, 227, 3],
  preprocessing: 'divide-255',
  source:
    'Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural Networks (2012), §3.5, as one tower and without response normalization',
  layers: [
    { kind: 'Resizing', name: 'resizing', height: 227, width: 227 },
    conv('conv1', 96, 11, { stride: 4, padding: 'valid', ...he }),
    pool('MaxPooling2D', 'pool1', 3, 2),
    conv('conv2', 256, 5, he),
    pool('MaxPooling2D', 'pool2', 3, 2),
    conv('conv3', 384, 3, he),
    conv('conv4', 384, 3, he),
    conv('conv5', 256, 3, he),
    pool('MaxPooling2D', 'pool5', 3, 2),
    { kind: 'Flatten', name: 'flatten' },
    hidden('fc6'),
    dropout('dropout6'),
    hidden('fc7'),
    dropout('dropout7'),
    classifier('predictions'),
  ],
};
