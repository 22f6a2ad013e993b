import type { WrittenFormat } from '#contract/models.ts';
import { loadKerasWeights } from '#engine/model/formats/keras/reading/load-keras-weights.ts';
import { mainNetwork } from '#engine/model/formats/keras/writing/plan.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { Inference } from '../inference.ts';
import { probabilitiesOf } from './probabilities.ts';
import { readTfjs } from './read-tfjs.ts';

/** A written file, read again and ready to answer. */
export interface ReadBack {
  /** By what it was read. */
  readonly by: string;
  /** @param pixels [count, height, width, channel], 0…255; returns probabilities, [count, class] */
  answers(pixels: Uint8Array, count: number): Float32Array;
  dispose(): void;
}

/** Reads what was written from `model`. Null for what answers nothing by itself. */
export type Reader = (path: string, model: PortableModel, signal?: AbortSignal) => Promise<ReadBack | null>;

const none: Reader = () => Promise.resolve(null);

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
  'saved-model': none,
  onnx: none,
  tflite: none,
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
