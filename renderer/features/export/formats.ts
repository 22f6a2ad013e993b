import type { DataSetSummary } from '#contract/data.ts';
import type { ExportChoice } from '#state/model-export.svelte.ts';

export interface FormatFacts {
  readonly format: ExportChoice;
  /** Absent: a folder. */
  readonly extension?: string;
  /** Whether layers can do what is done to pixels; weights alone have none. */
  readonly pixels: boolean;
  readonly optimizer: boolean;
}

const one = (format: ExportChoice, extension?: string, more: Partial<FormatFacts> = {}): FormatFacts => ({
  ...{ format, pixels: true, optimizer: false },
  ...(extension !== undefined && { extension }),
  ...more,
});

/** In the order in which people ask for them. */
export const formats: readonly FormatFacts[] = [
  one('keras', 'keras', { optimizer: true }),
  one('h5', 'h5', { optimizer: true }),
  one('saved-model'),
  one('tfjs'),
  one('onnx', 'onnx'),
  one('tflite', 'tflite'),
  one('h5-weights', 'weights.h5', { pixels: false }),
  one('architecture', 'json'),
  one('python', undefined, { pixels: false }),
];

export const factsOf = (format: ExportChoice): FormatFacts =>
  formats.find((each) => each.format === format) ?? one(format);

/** A program in a file that holds its folder. */
export const packedProgram: FormatFacts = { ...factsOf('python'), extension: 'zip' };

/** Whether a Python program can read the files that a data set was made of. */
export const isReadable = (set: Pick<DataSetSummary, 'kind'> | undefined): boolean =>
  set !== undefined && ['mnist', 'idx', 'folder'].includes(set.kind);

/** A name that every file system takes. */
export function fileName(model: string, { extension, format }: FormatFacts): string {
  const plain = model.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'model';
  return extension === undefined ? `${plain}-${format}` : `${plain}.${extension}`;
}

/** With the format's ending, where the person left it out. */
export function named(path: string, { extension }: FormatFacts): string {
  const last = extension?.split('.').at(-1);
  if (path === '' || last === undefined || path.toLowerCase().endsWith(`.${last}`)) return path;
  return /\.hdf5$/i.test(path) && last === 'h5' ? path : `${path}.${extension}`;
}
