import type { H5Module } from './h5-module.ts';
import { damaged, refused } from '../file-problem.ts';

/** What Keras (keras/src/legacy/saving/legacy_h5_format.py, saving_lib.py) and Heatlens write; others are let be. */
const wanted = /^(keras_version|backend|model_config|training_config|heatlens|name|(layer|weight)_names\d*)$/;
export const wantedAttribute = (name: string) => wanted.test(name);

/** H5T_STRING */
const stringType = 3;
const mostValues = 1_000_000;

/**
 * One attribute's text: a string, or a list of them. Keras writes an empty list as no numbers, float64 of shape (0,).
 * @param most bytes
 */
export function readText(
  module: H5Module,
  file: bigint,
  path: string,
  name: string,
  most: number,
): { value: string | string[]; bytes: number } {
  const { shape, type, size, vlen } = module.get_attribute_metadata(file, path, name);
  const sides = (shape ?? []).map(Number);
  const count = shape === null ? 0 : sides.reduce((product, side) => product * side, 1);
  if (count === 0) return { value: [], bytes: 0 };
  if (type !== stringType) throw damaged(`its attribute ${name} at ${path} is no text`);
  const tooLong = () => refused(`the text in its attributes is too long, at ${name} of ${path}`);
  if (!(count <= mostValues) || !(count * size <= most)) throw tooLong();
  const place = module._malloc(count * size);
  if (place === 0) throw tooLong();
  if (module.get_attribute_data(file, path, name, BigInt(place)) < 0) {
    throw damaged(`its attribute ${name} at ${path} cannot be read`);
  }
  const values: string[] = [];
  let bytes = 0;
  for (let each = 0; each < count; each++) {
    // HEAPU8 is another after memory has grown.
    const heap = module.HEAPU8;
    const at = place + each * size;
    const start = vlen ? new DataView(heap.buffer).getUint32(at, true) : at;
    // Of no text at all libhdf5 gives no place.
    if (vlen && start === 0) {
      values.push('');
      continue;
    }
    const limit = vlen ? Math.min(heap.length, start + most - bytes + 1) : at + size;
    const end = heap.subarray(start, limit).indexOf(0);
    if (vlen && end < 0) throw tooLong();
    const length = end < 0 ? size : end;
    bytes += length;
    if (bytes > most) throw tooLong();
    values.push(new TextDecoder('utf-8').decode(heap.slice(start, start + length)));
  }
  if (vlen) module.reclaim_vlen_memory(file, path, name, BigInt(place));
  module._free(place);
  return { value: sides.length === 0 ? (values[0] ?? '') : values, bytes };
}
