import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inputName } from '../../spec.ts';
import { wordsOf } from '../keras/writing/file-words.ts';
import { planOf, type WritingPlan } from '../keras/writing/plan.ts';
import type { ModelWriter } from '../writer.ts';
import { tfjsLayers, type TfjsLayer } from './layers-written.ts';

/** Browsers fetch and keep files of this size well; it is that of tfjs' own converter. */
const shardBytes = 4 * 2 ** 20;

/** A folder for `tf.loadLayersModel`: model.json in Keras 2's terms, and shards of float32 values. */
export const tfjsWriter: ModelWriter = {
  format: 'tfjs',
  write: async (model, path, { pixels }, signal) => {
    const plan = planOf(model, 'tfjs', pixels);
    const layers = rewritten(plan);
    const weights = layers.flatMap(({ name, weights }) =>
      weights.map(({ name: own, shape, values }) => ({ name: `${name}/${own}`, shape, values })),
    );
    await mkdir(path, { recursive: true });
    const total = weights.reduce((sum, { values }) => sum + values.byteLength, 0);
    const shards = Math.max(1, Math.ceil(total / shardBytes));
    const paths = Array.from({ length: shards }, (_, shard) => `group1-shard${shard + 1}of${shards}.bin`);
    await writeShards(
      path,
      paths,
      weights.map(({ values }) => values),
      signal,
    );
    const json = {
      ...{ format: 'layers-model', generatedBy: 'Heatlens', convertedBy: null },
      modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: configOf(plan, layers) },
      weightsManifest: [{ paths, weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) }],
      userDefinedMetadata: { heatlens: wordsOf(model, pixels) },
    };
    await writeFile(join(path, 'model.json'), JSON.stringify(json));
    const spatial = plan.layers.some(({ layer }) => layer.kind === 'SpatialDropout2D');
    const note = 'SpatialDropout2D is written as Dropout: predictions are the same, training in TensorFlow.js is not.';
    return { notes: [...plan.notes, ...(spatial ? [note] : [])] };
  },
};

/** Every layer by those that tfjs has. */
function rewritten(plan: WritingPlan): TfjsLayer[] {
  const taken = new Set([inputName, ...plan.layers.map(({ layer }) => layer.name)]);
  /** What a layer's output is called in the file, where it is not called like the layer. */
  const outputs = new Map<string, string>();
  return plan.layers.flatMap((planned) => {
    const free = () => {
      for (let number = 1; ; number++) {
        const name = `${planned.layer.name}_${number}`;
        if (taken.has(name)) continue;
        taken.add(name);
        return name;
      }
    };
    const made = tfjsLayers({ planned, plan, free, inputs: planned.inputs.map((name) => outputs.get(name) ?? name) });
    outputs.set(planned.layer.name, made.at(-1)?.name ?? planned.layer.name);
    const { trainable } = planned.layer;
    return trainable === false ? made.map((each) => ({ ...each, config: { ...each.config, trainable } })) : made;
  });
}

function configOf({ name, input }: WritingPlan, layers: readonly TfjsLayer[]) {
  const inputConfig = { batch_input_shape: [null, ...input], dtype: 'float32', sparse: false, name: inputName };
  return {
    class_name: 'Functional',
    config: {
      name,
      layers: [
        { class_name: 'InputLayer', config: inputConfig, name: inputName, inbound_nodes: [] },
        ...layers.map(({ className, name, config, inputs }) => ({
          class_name: className,
          config: { name, trainable: true, dtype: 'float32', ...config },
          name,
          inbound_nodes: [inputs.map((from) => [from, 0, 0, {}])],
        })),
      ],
      input_layers: [[inputName, 0, 0]],
      output_layers: [[layers.at(-1)?.name ?? inputName, 0, 0]],
    },
  };
}

/** All values one after the other, cut into files of one size. */
async function writeShards(
  folder: string,
  names: readonly string[],
  values: readonly Float32Array[],
  signal?: AbortSignal,
): Promise<void> {
  const pieces = values.map((each) => new Uint8Array(each.buffer, each.byteOffset, each.byteLength));
  let [piece, from] = [0, 0];
  for (const name of names) {
    signal?.throwIfAborted();
    const file = await open(join(folder, name), 'wx');
    try {
      for (let room = shardBytes; room > 0 && piece < pieces.length;) {
        const part = pieces[piece]?.subarray(from, from + room) ?? new Uint8Array();
        await file.writeFile(part);
        room -= part.length;
        from += part.length;
        if (from < (pieces[piece]?.length ?? 0)) continue;
        [piece, from] = [piece + 1, 0];
      }
    } finally {
      await file.close();
    }
  }
}
