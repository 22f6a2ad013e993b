import type { DataSetSummary, ImportOptions } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';

/** What the data room was asked. */
export interface AskedOfData {
  paths?: string[];
  options?: ImportOptions;
  export?: object;
  downloaded?: string;
  /** The address of a picture. */
  picture?: string;
}

export const fakeMnist = {
  id: 'mnist',
  name: 'MNIST',
  kind: 'mnist',
  height: 28,
  width: 28,
  channels: 1,
  classes: ['0', '1'],
  splits: { train: 9, test: 3 },
  hash: 'hash',
  files: [],
  problems: [],
} satisfies DataSetSummary;

/** Everything opens as a set of photos but `bad.idx`; CIFAR-100 is out of reach. */
export function fakeDataCalls(asked: AskedOfData) {
  const photos = { ...fakeMnist, id: 'photos', name: 'Photos', kind: 'folder', channels: 3, skipped: 1 } as const;
  const form = { height: 48, width: 64, channels: 3, fit: 'crop' } as const;
  return {
    list: () => [fakeMnist],
    look: () => ({ suggested: { form } }),
    import: async function* ({ paths, options }: { paths: string[]; options?: ImportOptions }) {
      asked.paths = paths;
      if (options) asked.options = options;
      const [file = ''] = paths;
      if (file.endsWith('bad.idx')) throw new AppError('data/idx-magic', 'log words', { file, magic: '0x1234' });
      yield { kind: 'listed', job: 'j', images: 13, classes: 2, splits: { train: 13 } };
      const rates = { imagesPerSecond: 1234.5, secondsLeft: 1, preview: 5 };
      yield { kind: 'progress', done: 5, total: 13, repaired: 1, skipped: 1, ...rates };
      return photos;
    },
    report: ({ dataset }: { dataset: string }) => ({
      rows:
        dataset === 'photos'
          ? [
              { file: 'cat/a.jpg', oddity: 'rotated', outcome: 'repaired', detail: 'orientation 6' },
              { file: 'cat/b.jpg', oddity: 'empty', outcome: 'skipped' },
            ]
          : [],
    }),
    download: async function* ({ id }: { id: string }) {
      asked.downloaded = id;
      if (id === 'cifar100') {
        const details = { host: 'www.cs.toronto.edu', reason: 'no route', files: 'cifar-100-binary.tar.gz' };
        throw new AppError('download/offline', 'log words', details);
      }
      yield { done: 5e6, total: 3e7, secondsLeft: 75 };
      return { ...fakeMnist, id: 'fetched', name: id };
    },
    export: async function* (input: object) {
      asked.export = input;
      yield { done: 2, total: 3, secondsLeft: null };
      return { files: ['/out/train.txt'] };
    },
    statistics: () => [
      { split: 'test', count: 3, perClass: [1, 2], mean: [0.2], std: [0.4] },
      { split: 'train', count: 9, perClass: [4, 5], mean: [0.1], std: [0.3] },
    ],
  };
}
