import type { LayerSpec, NetworkSpec } from '../spec.ts';
import { classifier, conv, enlarged, pool } from './layer-list.ts';

const filters = [64, 128, 256, 512, 512];
/** Convolutions in each of the five blocks: columns A, B, D and E of table 1. */
const blocks = { 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] };
const he = { kernelInitializer: 'he_normal' } as const;

function block(number: number, convolutions: number): LayerSpec[] {
  const count = filters[number - 1] ?? 512;
  const layers = Array.from({ length: convolutions }, (_, place) =>
    conv(`block${number}_conv${place + 1}`, count, 3, he),
  );
  return [...layers, pool('MaxPooling2D', `block${number}_pool`, 2, 2)];
}

function network(depth: keyof typeof blocks): NetworkSpec {
  const layers: LayerSpec[] = [
    ...blocks[depth].flatMap((convolutions, place) => block(place + 1, convolutions)),
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'fc1', units: 4096, activation: 'relu', ...he },
    { kind: 'Dropout', name: 'dropout1', rate: 0.5 },
    { kind: 'Dense', name: 'fc2', units: 4096, activation: 'relu', ...he },
    { kind: 'Dropout', name: 'dropout2', rate: 0.5 },
    classifier('predictions'),
  ];
  return {
    id: `vgg-${depth}`,
    name: `VGG-${depth}`,
    input: [224, 224, 3],
    preprocessing: 'divide-255',
    source: 'Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition (2015), table 1',
    layers,
    // Five poolings leave nothing of fewer than 32 pixels.
    layersFor: (images) => enlarged(layers, 32, images),
  };
}

/** VGG-11, 13, 16 and 19, from blocks; layers named as in keras.applications. */
export const vgg: readonly NetworkSpec[] = [network(11), network(13), network(16), network(19)];
