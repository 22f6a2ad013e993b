import type { ModelSummary, PresetSummary } from '#contract/model.ts';
import { layerFacts, product, type LayerFacts } from './layer-facts.ts';
import type { ImageShape, LayerSpec, NetworkSpec } from './spec.ts';

export interface PlacedLayer {
  readonly layer: LayerSpec;
  readonly facts: LayerFacts;
}

/** The network's layers as they come out for these images. Fails: `model/wrong-input`. */
export function placeLayers(spec: NetworkSpec, images: ImageShape): PlacedLayer[] {
  let shape: readonly number[] = [images.height, images.width, images.channels];
  return spec.layers.map((layer) => {
    const facts = layerFacts(layer, shape, images.classes);
    shape = facts.outputShape;
    return { layer, facts };
  });
}

/** Fails: `model/wrong-input`. */
export function summaryOf(spec: NetworkSpec, images: ImageShape): ModelSummary {
  const layers = placeLayers(spec, images).map(({ layer, facts }) => {
    const parameters = facts.weights.reduce((sum, { shape }) => sum + product(shape), 0);
    return {
      name: layer.name,
      kind: layer.kind,
      outputShape: [...facts.outputShape],
      parameters,
      trainable: parameters,
      flops: facts.flops,
      settings: facts.settings,
    };
  });
  const total = (figure: 'parameters' | 'trainable' | 'flops') => layers.reduce((sum, layer) => sum + layer[figure], 0);
  const parameters = total('parameters');
  return {
    input: [images.height, images.width, images.channels],
    classes: images.classes,
    layers,
    parameters,
    trainable: total('trainable'),
    flops: total('flops'),
    bytes: parameters * 4,
  };
}

export function presetSummary(spec: NetworkSpec): PresetSummary {
  const [height, width, channels] = spec.input;
  const { parameters } = summaryOf(spec, { height, width, channels, classes: 10 });
  const { id, name, source, preprocessing } = spec;
  return { id, name, input: [height, width, channels], parameters, source, preprocessing };
}
