import type { LayerSpec, NetworkData } from '../spec.ts';

/** A network of the zoo as one to be trained anew: its last layer gives as many values as the data has classes. */
export function forAnyClasses({ layers, ...spec }: NetworkData): NetworkData {
  const last = layers.at(-1);
  if (last?.kind === 'Dense') return { ...spec, layers: [...layers.slice(0, -1), { ...last, units: 'classes' }] };
  // MobileNet ends in a convolution of one place, which is a dense layer by another name.
  const pooling = layers.findLastIndex(({ kind }) => kind === 'GlobalAveragePooling2D');
  const classifier: LayerSpec = { kind: 'Dense', name: 'predictions', units: 'classes', activation: 'softmax' };
  return { ...spec, layers: [...layers.slice(0, pooling + 1), classifier] };
}
