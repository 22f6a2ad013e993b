import { rm } from 'node:fs/promises';
import type { WrittenFormat } from '#contract/models.ts';
import { tf } from '#engine/backend/tensors.ts';
import { loadKerasWeights } from '#engine/model/formats/keras/reading/load-keras-weights.ts';
import { mainNetwork } from '#engine/model/formats/keras/writing/plan.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { openSavedModel } from '#engine/model/formats/saved-model/open-saved-model.ts';
import { savedModelWriter } from '#engine/model/formats/saved-model/write-saved-model.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { Inference } from '../inference.ts';
import { probabilitiesOf } from './probabilities.ts';
import { readTfjs } from './read-tfjs.ts';
import type { ReadBack, Reader } from './reader.ts';

const none: Reader = () => Promise.resolve(null);

/** By TensorFlow itself, where it is there. Its answers are probabilities, whatever the network ends in. */
const savedModel =
  (by: string): Reader =>
  async (path) => {
    if (tf.getBackend() !== 'tensorflow') return null;
    const { predict, dispose } = await openSavedModel(path);
    return { by, answers: predict, dispose };
  };

/**
 * Nothing here runs ONNX or TFLite. Both are made from the operations of which a SavedModel is made too: those are
 * asked, which checks everything but how the file spells them.
 */
const sameOperations: Reader = async (path, model, signal) => {
  if (tf.getBackend() !== 'tensorflow') return null;
  const beside = `${path}.operations`;
  const options = { pixels: 'inside', optimizer: false, weights: 'variables' } as const;
  try {
    await savedModelWriter.write(model, beside, options, signal);
    return await savedModel('TensorFlow, asked the operations that were written')(beside, model, signal);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
};

/** A whole model, with the treatment of pixels and the classes that the file itself tells. */
const whole: Reader = async (path, _model, signal) => {
  const { model } = await readModelFile(path, signal);
  return model && answering(model);
};

const readers: Readonly<Record<WrittenFormat, Reader>> = {
  keras: whole,
  h5: whole,
  tfjs: readTfjs,
  architecture: none,
  'h5-weights': async (path, model, signal) => {
    const spec = mainNetwork(model.spec, model.classes.length);
    return answering({ ...model, spec, weights: await loadKerasWeights(path, spec, model.classes.length, signal) });
  },
  'saved-model': savedModel('TensorFlow'),
  onnx: sameOperations,
  tflite: sameOperations,
};

export const readBack = (format: WrittenFormat): Reader => readers[format];

function answering({ spec, classes, pixels, weights }: PortableModel): ReadBack {
  const [height, width, channels] = spec.input;
  const images = { height, width, channels, classes: classes.length };
  const inference = new Inference(networkOf(spec, images, 0, pixels, weights));
  return {
    by: 'Heatlens',
    answers: (given, count) => probabilitiesOf(inference.logits(given, count), count),
    dispose: () => inference.dispose(),
  };
}
