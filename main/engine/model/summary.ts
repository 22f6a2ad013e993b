import type { LayerSummary, ModelSummary, NetworkCheck, PresetSummary } from '#contract/model.ts';
import { product, type LayerFacts } from './layer-facts.ts';
import { placeLayers, tryLayers, wholeFailures, type PlacedLayer } from './placement.ts';
import { layersOf, type ImageShape, type NetworkSpec } from './spec.ts';

export { placeLayers, type PlacedLayer } from './placement.ts';

/** Fails: `model/…`, naming the layer. */
export function summaryOf(spec: NetworkSpec, images: ImageShape): ModelSummary {
  return total(placeLayers(spec, images).map(layerSummary), images);
}

/** What can be said of a network that may be wrong; the summary is there when nothing is. */
export function checkNetwork(spec: NetworkSpec, images: ImageShape): NetworkCheck {
  const tried = tryLayers(layersOf(spec, images), images);
  const failures = [...tried.flatMap((each) => each.failures), ...wholeFailures(tried, spec.auxiliary, images.classes)];
  const layers = tried.map(({ layer, inputs, facts }) => ({
    ...{ name: layer.name, kind: layer.kind, inputs: [...inputs] },
    ...(facts ? { facts: layerSummary({ layer, inputs, facts }) } : {}),
  }));
  const errors = failures.map(({ code, message, details }) => {
    return { layer: String(details['layer'] ?? ''), code, message, details };
  });
  const whole = tried.flatMap(({ facts, ...placed }) => (facts ? [layerSummary({ ...placed, facts })] : []));
  return { ...(errors.length === 0 ? { summary: total(whole, images) } : {}), layers, errors };
}

function layerSummary({ layer, facts }: PlacedLayer): LayerSummary {
  const count = (weights: LayerFacts['weights']) => weights.reduce((sum, { shape }) => sum + product(shape), 0);
  return {
    name: layer.name,
    kind: layer.kind,
    outputShape: [...facts.outputShape],
    parameters: count(facts.weights),
    trainable: count(facts.weights.filter(({ trainable }) => trainable)),
    flops: facts.flops,
    settings: facts.settings,
  };
}

function total(layers: LayerSummary[], images: ImageShape): ModelSummary {
  const sum = (figure: 'parameters' | 'trainable' | 'flops') =>
    layers.reduce((before, layer) => before + layer[figure], 0);
  const parameters = sum('parameters');
  return {
    input: [images.height, images.width, images.channels],
    classes: images.classes,
    layers,
    parameters,
    trainable: sum('trainable'),
    flops: sum('flops'),
    bytes: parameters * 4,
  };
}

/** @param own of the user's: may be wrong, its parameters are then those that are known */
export function presetSummary(spec: NetworkSpec, own = false): PresetSummary {
  const [height, width, channels] = spec.input;
  const images = { height, width, channels, classes: 10 };
  const parameters = own ? knownParameters(spec, images) : summaryOf(spec, images).parameters;
  const { id, name, source, preprocessing } = spec;
  return { id, name, input: [height, width, channels], parameters, source, preprocessing, ...(own ? { own } : {}) };
}

function knownParameters(spec: NetworkSpec, images: ImageShape): number {
  const known = tryLayers(layersOf(spec, images), images).flatMap(({ facts, ...placed }) =>
    facts ? [layerSummary({ ...placed, facts })] : [],
  );
  return known.reduce((sum, { parameters }) => sum + parameters, 0);
}
