import { AppError } from '#contract/failures.ts';
import type { WrittenFormat } from '#contract/models.ts';
import type { Shape, WeightFacts } from '../../../layers/shapes.ts';
import { placeLayers } from '../../../placement.ts';
import type { PortableModel } from '../../../portable.ts';
import type { NamedValues } from '../../../safetensors.ts';
import { inputName, type LayerKind, type LayerSpec, type NetworkData } from '../../../spec.ts';
import { kerasOrder } from './keras-order.ts';
import { pixelLayer, type PixelNormalization } from './pixel-layer.ts';

/** A layer of ours, or the one that Keras has for means and deviations. */
export type WritableLayer = LayerSpec | PixelNormalization;

export interface PlannedLayer {
  readonly layer: WritableLayer;
  /** Names of layers before it, or `input`. */
  readonly inputs: readonly string[];
  /** One for each input; without the batch. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly weights: readonly WeightFacts[];
}

/** Its class in keras.layers. */
export const classOf = ({ layer }: PlannedLayer): LayerKind =>
  layer.kind === 'PixelNormalization' ? 'Normalization' : layer.kind;

/** What is written, whatever the format: layers from pixels to the model's outputs, in Keras' order. */
export interface WritingPlan {
  readonly name: string;
  /** Height, width, channels. */
  readonly input: Shape;
  readonly layers: readonly PlannedLayer[];
  /** Names of layers; the one that predicts first. */
  readonly outputs: readonly string[];
  /** Its values. Fails: `model/cannot-write` when the model has none, or of another shape. */
  values(layer: PlannedLayer, weight: WeightFacts): NamedValues;
  readonly notes: readonly string[];
}

/**
 * Fails: `model/…` naming a layer that is wrong.
 * @param auxiliary whether classifiers that only training uses are outputs too
 */
export function planOf(
  model: PortableModel,
  format: WrittenFormat,
  pixels: 'inside' | 'beside',
  auxiliary = false,
): WritingPlan {
  const { spec } = model;
  const [height, width, channels] = spec.input;
  const placed = placeLayers(spec, { height, width, channels, classes: model.classes.length });
  const shapes = new Map<string, Shape>([
    [inputName, spec.input],
    ...placed.map(({ layer, facts }) => [layer.name, facts.outputShape] as const),
  ]);
  const layers: PlannedLayer[] = placed.map(({ layer, inputs, facts }) => ({
    ...{ layer, inputs, inputShapes: inputs.map((name) => shapes.get(name) ?? []) },
    ...{ outputShape: facts.outputShape, weights: facts.weights },
  }));
  const others = auxiliary ? (spec.auxiliary ?? []).map(({ layer }) => layer) : [];
  const outputs = [...layers.slice(-1).map(({ layer }) => layer.name), ...others];
  const ordered = kerasOrder(layers, outputs);
  const noisy = ordered.find(({ layer }) => layer.kind === 'GaussianNoise' && layer.stddev > 1);
  if (noisy) throw cannotWrite(format, noisy.layer.name, 'its stddev is above 1, which Keras does not take');
  const first = pixels === 'inside' ? pixelLayer(model.pixels, channels, freeName(shapes)) : null;
  const given = new Map([...model.weights, ...(first?.values ?? [])].map((each) => [each.name, each]));
  const notes: string[] = [];
  if (ordered.length < placed.length) {
    notes.push('Auxiliary classifiers, which only training uses, are left out.');
  }
  return {
    ...{ name: modelName(spec.name), input: spec.input, outputs, notes },
    layers: first
      ? [onPixels(first.layer, first.weights, spec.input), ...ordered.map(after(first.layer.name))]
      : ordered,
    values: ({ layer }, { name, shape }) => {
      const found = given.get(`${layer.name}/${name}`);
      if (found?.shape.join() === shape.join()) return found;
      const reason = found
        ? `${name} has shape ${found.shape.join('×')}, expected ${shape.join('×')}`
        : `its ${name} has no values`;
      throw cannotWrite(format, layer.name, reason);
    },
  };
}

/** The network without what only its auxiliary classifiers need, in Keras' order. Fails: `model/…`. */
export function mainNetwork(spec: NetworkData, classes: number): NetworkData {
  const { auxiliary: _, ...main } = spec;
  const [height, width, channels] = spec.input;
  const ordered = kerasOrder(placeLayers(spec, { height, width, channels, classes }));
  return { ...main, layers: ordered.map(({ layer, inputs }) => ({ ...layer, inputs })) };
}

export function cannotWrite(format: WrittenFormat, layer: string, why: string): AppError {
  const reason = `layer "${layer}": ${why}`;
  return new AppError('model/cannot-write', `This network cannot be written as ${format}: ${reason}.`, {
    ...{ format, layer, reason },
  });
}

function onPixels(layer: WritableLayer, weights: readonly WeightFacts[], input: Shape): PlannedLayer {
  return { layer, inputs: [inputName], inputShapes: [input], outputShape: input, weights };
}

const after =
  (first: string) =>
  (planned: PlannedLayer): PlannedLayer => ({
    ...planned,
    inputs: planned.inputs.map((name) => (name === inputName ? first : name)),
  });

function freeName(taken: ReadonlyMap<string, unknown>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'pixels' : `pixels_${number}`;
    if (!taken.has(name)) return name;
  }
}

/** Keras' names go into those of TensorFlow's scopes. */
function modelName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[^A-Za-z0-9]+/, '') || 'model';
}
