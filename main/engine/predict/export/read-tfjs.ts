import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tf } from '#engine/backend/tensors.ts';
import { prepare } from '#engine/model/pixels.ts';
import { fileWords } from '#engine/model/formats/keras/writing/file-words.ts';
import { probabilitiesOf } from './probabilities.ts';
import type { Reader } from './reader.ts';

/** A tfjs layers model as a page would load it: by TensorFlow.js itself. */
export const readTfjs: Reader = async (path) => {
  const json = JSON.parse(await readFile(join(path, 'model.json'), 'utf8')) as tf.io.ModelJSON;
  const files = json.weightsManifest.flatMap((group) => group.paths);
  const weightData = new Uint8Array(Buffer.concat(await Promise.all(files.map((file) => readFile(join(path, file))))));
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  const { modelTopology, userDefinedMetadata = {} } = json;
  const artifacts = { modelTopology: modelTopology as object, weightSpecs, weightData: weightData.buffer };
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const { pixels } = fileWords.parse((userDefinedMetadata as { heatlens?: unknown }).heatlens);
  const config = model.layers.at(-1)?.getConfig() ?? {};
  const endsInSoftmax = config['activation'] === 'softmax';
  return {
    by: 'TensorFlow.js',
    answers: (given, count) => {
      const [, ...shape] = model.inputs[0]?.shape ?? [];
      const answer = tf.tidy(() => {
        const images = tf.tensor4d(Float32Array.from(given), [count, ...shape] as [number, number, number, number]);
        const prepared = prepare(images, pixels);
        return (model.predict(prepared) as tf.Tensor).dataSync<'float32'>();
      });
      return endsInSoftmax ? answer : probabilitiesOf(answer, count);
    },
    dispose: () => void model.dispose(),
  };
};
