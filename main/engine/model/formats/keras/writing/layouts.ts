import { kerasName } from '#contract/layer-fields.ts';
import { inputName } from '../../../spec.ts';
import type { HdfStep } from '../../hdf5/writing-steps.ts';
import { kerasVersion } from './keras-config.ts';
import type { OptimizerState } from './optimizer-state.ts';
import { classOf, type PlannedLayer, type WritingPlan } from './plan.ts';

/** A list of names in an attribute is cut where HDF5 takes no longer one; each takes 16 bytes there, 64,512 are Keras' limit. */
const namesTogether = 4000;

/**
 * Weights as Keras 3 keeps them in `.weights.h5` and in a .keras file: by class and its number in the model, not by the
 * layer's name. keras/src/saving/saving_lib.py, `_save_container_state`.
 */
export function* keras3Layout(plan: WritingPlan, state: OptimizerState | null): Generator<HdfStep> {
  const used = new Map<string, number>();
  const place = (className: string): string => {
    const number = used.get(className) ?? 0;
    used.set(className, number + 1);
    return `layers/${number === 0 ? className : `${className}_${number}`}/vars`;
  };
  yield named(place('input_layer'), inputName);
  for (const planned of plan.layers) {
    const path = place(kerasName(classOf(planned)));
    yield named(path, planned.layer.name);
    for (const [slot, weight] of planned.weights.entries()) {
      const { shape, values } = plan.values(planned, weight);
      yield { kind: 'values', path: `${path}/${slot}`, shape, values };
    }
    if (isCounted(planned)) yield { kind: 'whole', path: `${path}/${planned.weights.length}`, value: 0 };
  }
  yield named('vars', plan.name);
  if (!state) return;
  yield named('optimizer/vars', state.name);
  yield* variables('optimizer/vars', ['0', '1', ...state.slots.map((_, slot) => String(slot + 2))], state);
}

/**
 * Weights as Keras 2 kept them, and Keras 3 does in .h5 files: a group for each layer, by its name.
 * keras/src/legacy/saving/legacy_h5_format.py, `save_weights_to_hdf5_group`.
 * @param root the group they lie in; '' in a file of weights alone
 */
export function* legacyLayout(plan: WritingPlan, root: string): Generator<HdfStep> {
  const under = (path: string) => (root === '' ? path : `${root}/${path}`);
  yield* names(root, 'layer_names', [inputName, ...plan.layers.map(({ layer }) => layer.name)]);
  yield { kind: 'attribute', path: root, name: 'backend', value: 'tensorflow' };
  yield { kind: 'attribute', path: root, name: 'keras_version', value: kerasVersion };
  yield* names(under(inputName), 'weight_names', []);
  for (const planned of plan.layers) {
    const { layer, weights } = planned;
    yield* names(
      under(layer.name),
      'weight_names',
      [...weights.map(({ name }) => name), ...(isCounted(planned) ? ['count'] : [])].map(
        (name) => `${layer.name}/${name}`,
      ),
    );
    for (const weight of weights) {
      const { shape, values } = plan.values(planned, weight);
      yield { kind: 'values', path: under(`${layer.name}/${layer.name}/${weight.name}`), shape, values };
    }
    if (isCounted(planned)) yield { kind: 'whole', path: under(`${layer.name}/${layer.name}/count`), value: 0 };
  }
  yield* names(under('top_level_model_weights'), 'weight_names', []);
}

/** `optimizer_weights` of a whole-model .h5 file. */
export function* legacyOptimizer(state: OptimizerState): Generator<HdfStep> {
  const all = ['iteration', 'learning_rate', ...state.slots.map(({ name }) => name)].map(
    (name) => `${state.name}/${name}`,
  );
  yield* names('optimizer_weights', 'weight_names', all);
  yield* variables('optimizer_weights', all, state);
}

function* variables(group: string, paths: readonly string[], state: OptimizerState): Generator<HdfStep> {
  const [iteration, rate, ...slots] = paths.map((path) => `${group}/${path}`);
  yield { kind: 'whole', path: iteration ?? '', value: state.step };
  yield { kind: 'values', path: rate ?? '', shape: [], values: Float32Array.of(state.learningRate) };
  for (const [place, { shape, values }] of state.slots.entries()) {
    yield { kind: 'values', path: slots[place] ?? '', shape, values };
  }
}

/** Keras' Normalization also keeps of how many batches its figures are, and does not use it. */
const isCounted = ({ layer }: PlannedLayer) => layer.kind === 'Normalization';

const named = (path: string, value: string): HdfStep => ({ kind: 'attribute', path, name: 'name', value });

function* names(path: string, name: string, value: readonly string[]): Generator<HdfStep> {
  if (value.length <= namesTogether) {
    yield { kind: 'attribute', path, name, value };
    return;
  }
  for (let from = 0; from < value.length; from += namesTogether) {
    const part = value.slice(from, from + namesTogether);
    yield { kind: 'attribute', path, name: `${name}${from / namesTogether}`, value: part };
  }
}
