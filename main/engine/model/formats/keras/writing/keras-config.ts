import { mergingKinds } from '#contract/layer-fields.ts';
import { inputName } from '../../../spec.ts';
import type { Shape } from '../../../layers/shapes.ts';
import { layerArguments } from './layer-arguments.ts';
import { classOf, type PlannedLayer, type WritingPlan } from './plan.ts';

/** The version of Keras whose files these are like. */
export const kerasVersion = '3.15.1';

const float32 = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };
const end = (name = inputName) => [name, 0, 0];
const batched = (shape: Shape) => [null, ...shape];

/** A functional model as `config.json` of a .keras file, `model.to_json()` and `model_config` of an .h5 file have it. */
export function kerasConfig({ name, input, layers, outputs }: WritingPlan) {
  const inputLayer = {
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: {
      ...{ batch_shape: batched(input), dtype: 'float32', sparse: false, ragged: false, name: inputName },
    },
    registered_name: null,
    name: inputName,
    inbound_nodes: [],
  };
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      ...{ name, trainable: true, layers: [inputLayer, ...layers.map(layerEntry)] },
      input_layers: [inputName, 0, 0],
      output_layers: outputs.length === 1 ? end(outputs[0]) : outputs.map(end),
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
  };
}

function layerEntry(planned: PlannedLayer) {
  const { layer, inputs, inputShapes, weights } = planned;
  const tensors = inputs.map((name, place) => ({
    class_name: '__keras_tensor__',
    config: { shape: batched(inputShapes[place] ?? []), dtype: 'float32', keras_history: [name, 0, 0] },
  }));
  const merging = (mergingKinds as readonly string[]).includes(layer.kind);
  // SpatialDropout2D's __init__ takes no `trainable`.
  const trainable = layer.kind === 'SpatialDropout2D' ? {} : { trainable: layer.trainable ?? true };
  return {
    module: 'keras.layers',
    class_name: classOf(planned),
    config: { name: layer.name, ...trainable, dtype: float32, ...layerArguments(planned) },
    registered_name: null,
    ...(weights.length > 0 && { build_config: { input_shape: batched(inputShapes[0] ?? []) } }),
    name: layer.name,
    inbound_nodes: [{ args: merging ? [tensors] : tensors, kwargs: {} }],
  };
}
