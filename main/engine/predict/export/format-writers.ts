import type { WrittenFormat } from '#contract/models.ts';
import {
  architectureWriter,
  h5Writer,
  kerasWriter,
  weightsWriter,
} from '#engine/model/formats/keras/writing/writers.ts';
import { savedModelWriter } from '#engine/model/formats/saved-model/write-saved-model.ts';
import type { ModelWriter } from '#engine/model/formats/writer.ts';

/** Keras tells the layout of weights by the file's name, and so do we. */
const weightsOf = (name: string) => weightsWriter(name.endsWith('.weights.h5') ? 'keras-3' : 'legacy');

const writers: Readonly<Partial<Record<WrittenFormat, (name: string) => ModelWriter>>> = {
  keras: () => kerasWriter,
  h5: () => h5Writer,
  'h5-weights': weightsOf,
  architecture: () => architectureWriter,
  'saved-model': () => savedModelWriter,
};

/** Formats of several files in a folder. */
export const folderFormats: readonly WrittenFormat[] = ['saved-model', 'tfjs'];

/** @param name of the file, as it will be */
export function writerOf(format: WrittenFormat, name: string): ModelWriter {
  const make = writers[format];
  if (!make) throw new Error(`Nothing writes ${format}.`);
  return make(name);
}
