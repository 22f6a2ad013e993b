import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { npy } from './npy.ts';

type Values = Uint8Array | Int32Array | Float32Array;
/** Arrays by name, one dimension unless a shape is said. */
export type Arrays = Readonly<Record<string, Values | { readonly values: Values; readonly shape: readonly number[] }>>;

/** Several arrays in one file, as `numpy.load` takes them. */
export async function writeNpz(path: string, arrays: Arrays): Promise<void> {
  const zip = new ZipFile();
  for (const [name, given] of Object.entries(arrays)) {
    const { values, shape } = 'values' in given && !ArrayBuffer.isView(given) ? given : plain(given as Values);
    zip.addBuffer(npy(values, shape), `${name}.npy`, { compress: false });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path, { flags: 'wx' }));
}

const plain = (values: Values) => ({ values, shape: [values.length] });
