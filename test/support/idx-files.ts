import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** An IDX file's bytes; `values` are filled up with 0, 1, 2, … as the dimensions ask. */
export function idxBytes(dims: readonly number[], values?: ArrayLike<number>, type = 0x08): Buffer {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, type, dims.length]);
  for (const [axis, dim] of dims.entries()) head.writeUInt32BE(dim, 4 + 4 * axis);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return Buffer.concat([head, Uint8Array.from(values ?? Array.from({ length: size }, (_, at) => at % 256))]);
}

export interface PairShape {
  readonly name?: string;
  readonly count?: number;
  readonly shape?: readonly number[];
  readonly labels?: readonly number[];
  readonly gzip?: boolean;
}

/** Writes `<name>-images-idx3-ubyte` and its labels; 6 images of 4×3 in three classes unless told. */
export async function writePair(folder: string, pair: PairShape = {}): Promise<{ images: string; labels: string }> {
  const { name = 'train', count = 6, shape = [4, 3], gzip = false } = pair;
  const labels = pair.labels ?? Array.from({ length: count }, (_, index) => index % 3);
  const ending = gzip ? '.gz' : '';
  const files = {
    images: join(folder, `${name}-images-idx${shape.length + 1}-ubyte${ending}`),
    labels: join(folder, `${name}-labels-idx1-ubyte${ending}`),
  };
  const packed = (bytes: Buffer) => (gzip ? gzipSync(bytes) : bytes);
  await writeFile(files.images, packed(idxBytes([count, ...shape])));
  await writeFile(files.labels, packed(idxBytes([labels.length], labels)));
  return files;
}
