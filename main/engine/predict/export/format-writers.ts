import { AppError } from '#contract/failures.ts';
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

/** How names end by which the programs that read them know these files; Keras takes a .keras file under no other name. */
const endings: Readonly<Partial<Record<WrittenFormat, readonly string[]>>> = {
  keras: ['.keras'],
  h5: ['.h5', '.hdf5'],
  'h5-weights': ['.h5', '.hdf5'],
  architecture: ['.json'],
  onnx: ['.onnx'],
  tflite: ['.tflite'],
};

/** Fails: `call/invalid` where the name does not end as the format's do. */
export function refuseEnding(format: WrittenFormat, name: string): void {
  const wanted = endings[format];
  if (!wanted || wanted.some((ending) => name.toLowerCase().endsWith(ending))) return;
  const problem = `"${name}" received; a name that ends in ${wanted.join(' or ')} was expected`;
  throw new AppError('call/invalid', `\`path\`: ${problem}.`, { field: 'path', problem });
}

/** @param name of the file, as it will be */
export function writerOf(format: WrittenFormat, name: string): ModelWriter {
  return writers[format](name);
}
