import type { WrittenFormat } from '#contract/models.ts';
import {
  architectureWriter,
  h5Writer,
  kerasWriter,
  weightsWriter,
} from '#engine/model/formats/keras/writing/writers.ts';
import { onnxWriter } from '#engine/model/formats/onnx/write-onnx.ts';
import { savedModelWriter } from '#engine/model/formats/saved-model/write-saved-model.ts';
import { tfjsWriter } from '#engine/model/formats/tfjs/write-tfjs.ts';
import { tfliteWriter } from '#engine/model/formats/tflite/write-tflite.ts';
import type { ModelWriter } from '#engine/model/formats/writer.ts';

/** Keras tells the layout of weights by the file's name, and so do we. */
const weightsOf = (name: string) => weightsWriter(name.endsWith('.weights.h5') ? 'keras-3' : 'legacy');

const writers: Readonly<Record<WrittenFormat, (name: string) => ModelWriter>> = {
  keras: () => kerasWriter,
  h5: () => h5Writer,
  'h5-weights': weightsOf,
  architecture: () => architectureWriter,
  'saved-model': () => savedModelWriter,
  tfjs: () => tfjsWriter,
  onnx: () => onnxWriter,
  tflite: () => tfliteWriter,
};

/** Formats of several files in a folder. */
export const folderFormats: readonly WrittenFormat[] = ['saved-model', 'tfjs'];

/** @param name of the file, as it will be */
export function writerOf(format: WrittenFormat, name: string): ModelWriter {
  return writers[format](name);
}
