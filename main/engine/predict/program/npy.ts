/** Formats of NumPy's .npy files: numpy/lib/format.py, version 1.0. Little-endian, C order. */
export type NpyType = 'u1' | 'i4' | 'f4';

const orders: Readonly<Record<NpyType, string>> = { u1: '|u1', i4: '<i4', f4: '<f4' };

/** What comes before the values of an array of this shape. Its length divides by 64. */
export function npyHeader(type: NpyType, shape: readonly number[]): Buffer {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const words = `{'descr': '${orders[type]}', 'fortran_order': False, 'shape': (${sides}), }`;
  const before = 10; // magic, version, length of the words
  const length = Math.ceil((before + words.length + 1) / 64) * 64 - before;
  const header = Buffer.alloc(before);
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, 8);
  return Buffer.concat([header, Buffer.from(`${words.padEnd(length - 1)}\n`, 'latin1')]);
}

/** A whole array as a file. */
export function npy(values: Uint8Array | Int32Array | Float32Array, shape: readonly number[]): Buffer {
  const type: NpyType = values instanceof Float32Array ? 'f4' : values instanceof Int32Array ? 'i4' : 'u1';
  return Buffer.concat([npyHeader(type, shape), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}
