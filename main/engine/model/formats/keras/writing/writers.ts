import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { PortableModel } from '../../../portable.ts';
import type { HdfStep } from '../../hdf5/writing-steps.ts';
import { writeHdf5 } from '../../hdf5/write-hdf5.ts';
import type { ModelWriter, WriteOptions } from '../../writer.ts';
import { compileConfig } from '../compile-config.ts';
import { wordsOf } from './file-words.ts';
import { kerasConfig, kerasVersion } from './keras-config.ts';
import { keras3Layout, legacyLayout, legacyOptimizer } from './layouts.ts';
import { optimizerState, type OptimizerState } from './optimizer-state.ts';
import { pythonJson } from './python-json.ts';
import { planOf, type WritingPlan } from './plan.ts';

/** Keras 3's own format: a zip of config.json, metadata.json and model.weights.h5, with our heatlens.json beside them. */
export const kerasWriter: ModelWriter = {
  format: 'keras',
  write: async (model, path, options, signal) => {
    const plan = planOf(model, 'keras', options.pixels, options.auxiliary);
    const { state, notes } = trainingOf(model, plan, options);
    const config = { ...kerasConfig(plan), ...(model.training && { compile_config: compiled(model, plan) }) };
    const weights = `${path}.weights`;
    try {
      await writeHdf5(weights, keras3Layout(plan, state), signal);
      const zip = new ZipFile();
      const text = (content: unknown, name: string) =>
        zip.addBuffer(Buffer.from(pythonJson(content)), name, { compress: false });
      text(
        { keras_version: kerasVersion, date_saved: new Date().toISOString().slice(0, 19).replace('T', '@') },
        'metadata.json',
      );
      text(config, 'config.json');
      text(wordsOf(model, options.pixels), 'heatlens.json');
      zip.addFile(weights, 'model.weights.h5', { compress: false });
      zip.end();
      const output = createWriteStream(path, { flags: 'wx' });
      zip.on('error', (error: Error) => output.destroy(error)); // yazl alone would never end
      await pipeline(zip.outputStream, output, { ...(signal && { signal }) });
    } finally {
      await rm(weights, { force: true });
    }
    return { notes: [...plan.notes, ...notes] };
  },
};

/** The whole model in one HDF5 file, as Keras 2 wrote it and Keras 3 still reads it. */
export const h5Writer: ModelWriter = {
  format: 'h5',
  write: async (model, path, options, signal) => {
    const plan = planOf(model, 'h5', options.pixels);
    const { state, notes } = trainingOf(model, plan, options);
    await writeHdf5(path, wholeModel(model, plan, options, state), signal);
    return { notes: [...plan.notes, ...notes] };
  },
};

/**
 * Weights alone: as Keras 3 keeps them where the file's name ends in `.weights.h5`, else by layers' names as Keras 2 did
 * (Keras 3 reads both, by the same rule). Nothing in them says what is done to pixels: the network is written as it is.
 */
export function weightsWriter(layout: 'keras-3' | 'legacy'): ModelWriter {
  return {
    format: 'h5-weights',
    write: async (model, path, _options, signal) => {
      const plan = planOf(model, 'h5-weights', 'beside');
      const steps = layout === 'keras-3' ? keras3Layout(plan, null) : legacyLayout(plan, '');
      const words = { ...wordsOf(model, 'beside') };
      await writeHdf5(path, withWords(steps, words), signal);
      return { notes: [...plan.notes] };
    },
  };
}

/** The layers without their weights, as `model.to_json()` gives them. */
export const architectureWriter: ModelWriter = {
  format: 'architecture',
  write: async (model, path, { pixels }) => {
    const plan = planOf(model, 'architecture', pixels);
    const fixed = plan.layers.filter(
      ({ layer }) => layer.kind === 'Conv2D' && layer.name === plan.layers[0]?.layer.name,
    );
    const heatlens = wordsOf(model, pixels);
    await writeFile(path, `${pythonJson({ ...kerasConfig(plan), heatlens }, 2)}\n`, { flag: 'wx' });
    const caffe = pixels === 'inside' && model.pixels.kind === 'caffe' && fixed.length > 0;
    return {
      notes: [
        ...plan.notes,
        ...(caffe ? ['The first layer’s fixed weights, which turn RGB into BGR, are not in an architecture.'] : []),
      ],
    };
  },
};

function* wholeModel(
  model: PortableModel,
  plan: WritingPlan,
  options: WriteOptions,
  state: OptimizerState | null,
): Generator<HdfStep> {
  const attribute = (name: string, value: string): HdfStep => ({ kind: 'attribute', path: '', name, value });
  const { class_name, config } = kerasConfig(plan);
  yield attribute('keras_version', kerasVersion);
  yield attribute('backend', 'tensorflow');
  yield attribute('model_config', pythonJson({ class_name, config }));
  if (model.training) {
    const { optimizer, ...rest } = compiled(model, plan);
    const { class_name, config } = optimizer;
    yield attribute('training_config', pythonJson({ ...rest, optimizer_config: { class_name, config } }));
  }
  yield attribute('heatlens', JSON.stringify(wordsOf(model, options.pixels)));
  yield* legacyLayout(plan, 'model_weights');
  if (state) yield* legacyOptimizer(state);
}

function* withWords(steps: Iterable<HdfStep>, words: object): Generator<HdfStep> {
  yield { kind: 'attribute', path: '', name: 'heatlens', value: JSON.stringify(words) };
  yield* steps;
}

function trainingOf(model: PortableModel, plan: WritingPlan, options: WriteOptions) {
  if (!model.training || !options.optimizer) return { state: null, notes: [] };
  const state = optimizerState(plan, model.training);
  const lost = 'The optimizer’s state is not whole and is left out; training goes on with a fresh one.';
  return { state, notes: state ? [] : [lost] };
}

function compiled({ training }: PortableModel, { layers, outputs }: WritingPlan) {
  const last = layers.find(({ layer }) => layer.name === outputs[0])?.layer;
  const endsIn = last && 'activation' in last && last.activation === 'softmax' ? 'softmax' : 'linear';
  return compileConfig(training?.optimizer ?? { name: 'adam', learningRate: 0.001 }, training?.loss, endsIn);
}
