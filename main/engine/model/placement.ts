import { AppError } from '#contract/failures.ts';
import { mergingKinds } from '#contract/layer-fields.ts';
import { layerFacts, type LayerFacts } from './layer-facts.ts';
import { inputName, layersOf, type ImageShape, type LayerSpec, type NetworkSpec } from './spec.ts';

export interface PlacedLayer {
  readonly layer: LayerSpec;
  /** Names of the layers it takes its input from. */
  readonly inputs: readonly string[];
  readonly facts: LayerFacts;
}

/** A layer with what is known of it: without facts when it, or one that it takes from, is wrong. */
export interface TriedLayer extends Omit<PlacedLayer, 'facts'> {
  readonly facts: LayerFacts | null;
  readonly failures: readonly AppError[];
}

/** The network's layers as they come out for these images. Fails: `model/…`, naming the first layer that is wrong. */
export function placeLayers(spec: NetworkSpec, images: ImageShape): PlacedLayer[] {
  return tryLayers(layersOf(spec, images), images).map(({ failures: [failure], facts, ...placed }) => {
    if (failure) throw failure;
    if (!facts) throw new Error(`${spec.name}: nothing is known of ${placed.layer.name}.`);
    return { ...placed, facts };
  });
}

/** Every layer with all that can be said of it; what depends on a wrong one is left open. */
export function tryLayers(layers: readonly LayerSpec[], images: ImageShape): TriedLayer[] {
  const shapes = new Map<string, readonly number[] | null>([
    [inputName, [images.height, images.width, images.channels]],
  ]);
  const names = new Set(layers.map(({ name }) => name));
  let before = inputName;
  return layers.map((layer) => {
    const inputs = layer.inputs ?? [before];
    const failures = [...wiring(layer, inputs, shapes, names)];
    let facts: LayerFacts | null = null;
    if (failures.length === 0 && inputs.every((name) => shapes.get(name))) {
      try {
        const taken = inputs.map((name) => shapes.get(name) ?? []);
        facts = unlessFrozen(layer, layerFacts(layer, taken, images.classes));
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        failures.push(thrown);
      }
    }
    if (!shapes.has(layer.name)) shapes.set(layer.name, facts?.outputShape ?? null);
    before = layer.name;
    return { layer, inputs, facts, failures };
  });
}

function unlessFrozen(layer: LayerSpec, facts: LayerFacts): LayerFacts {
  if (layer.trainable !== false) return facts;
  return { ...facts, weights: facts.weights.map((weight) => ({ ...weight, trainable: false })) };
}

/** What is wrong with where it takes its input from. */
function* wiring(
  layer: LayerSpec,
  inputs: readonly string[],
  shapes: ReadonlyMap<string, unknown>,
  names: ReadonlySet<string>,
): Generator<AppError> {
  const { name, kind } = layer;
  if (shapes.has(name))
    yield new AppError('model/same-name', `There are two layers called "${name}".`, { layer: name });
  for (const input of inputs) {
    if (shapes.has(input)) continue;
    const details = { layer: name, input };
    if (names.has(input)) {
      yield new AppError('model/late-input', `Layer "${name}" takes "${input}", which is not before it.`, details);
    } else yield new AppError('model/unknown-input', `Layer "${name}" takes "${input}", which is not there.`, details);
  }
  const expected = !mergingKinds.includes(kind) ? 'one' : kind === 'Subtract' ? 'two' : 'several';
  const { length } = inputs;
  if (expected === 'one' ? length === 1 : expected === 'two' ? length === 2 : length > 1) return;
  yield new AppError('model/input-count', `Layer "${name}" (${kind}) takes ${expected}; received ${length}.`, {
    ...{ layer: name, expected, received: length },
  });
}

/**
 * What is wrong with the network as a whole: layers that lead nowhere, outputs that are no classifiers. Of layers that
 * are themselves in order.
 */
export function* wholeFailures(
  layers: readonly TriedLayer[],
  auxiliary: NetworkSpec['auxiliary'],
  classes: number,
): Generator<AppError> {
  const last = layers.at(-1);
  if (!last) {
    yield new AppError('model/no-layers', 'The network has no layers.', { layer: '' });
    return;
  }
  const outputs = new Set([last.layer.name, ...(auxiliary ?? []).map(({ layer }) => layer)]);
  const taken = new Set(layers.flatMap(({ inputs }) => inputs));
  for (const { layer, facts } of layers) {
    const details = { layer: layer.name };
    if (!outputs.has(layer.name)) {
      if (!taken.has(layer.name)) yield new AppError('model/loose-end', `Nothing takes "${layer.name}".`, details);
      continue;
    }
    if (facts && facts.outputShape.join() !== String(classes)) {
      const received = facts.outputShape.join('×');
      const message = `"${layer.name}" must give ${classes} values; it gives ${received}.`;
      yield new AppError('model/wrong-output', message, { ...details, classes, received });
    }
    if ('activation' in layer && layer.activation !== 'softmax' && layer.activation !== 'linear') {
      const { activation } = layer;
      const message = `"${layer.name}" ends in ${activation}; softmax or linear were expected.`;
      yield new AppError('model/last-activation', message, { ...details, activation });
    }
  }
  for (const name of outputs) {
    if (layers.some(({ layer }) => layer.name === name)) continue;
    const message = `The auxiliary output "${name}" is no layer.`;
    yield new AppError('model/unknown-input', message, { layer: last.layer.name, input: name });
  }
}

/** Fails with the first that is wrong: `model/…`. */
export function refuseWrong(spec: NetworkSpec, images: ImageShape): void {
  placeLayers(spec, images);
  for (const failure of wholeFailures(tryLayers(layersOf(spec, images), images), spec.auxiliary, images.classes)) {
    throw failure;
  }
}
