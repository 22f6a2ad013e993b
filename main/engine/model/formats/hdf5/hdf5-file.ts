import type { H5Module, Metadata } from './h5-module.ts';
import { damaged, FileProblem, refused } from '../file-problem.ts';
import { readText, wantedAttribute } from './attributes.ts';
import { shownAs, showFile } from './sandbox.ts';
import type { Hdf5Limits, Hdf5Source, Outline, OutlinedDataset } from './words.ts';

/** Of libhdf5's own; others are programs of their own, which would have to be there. */
const knownFilters: ReadonlyMap<number, string> = new Map([
  [1, 'deflate'],
  [2, 'shuffle'],
  [3, 'fletcher32'],
]);
const mostAxes = 8;
/** libhdf5 unpacks a chunk as a whole. */
const largestChunk = 2 ** 28;
/** Bytes read in one go. */
const portion = 2 ** 24;

/** An open HDF5 file: what is in it is known, checked, before anything is read. */
export class Hdf5File {
  readonly #module: H5Module;
  readonly #limits: Hdf5Limits;
  readonly #hide: () => void;
  readonly #file: bigint;
  readonly #datasets = new Map<string, Metadata>();
  #objects = 0;
  #text = 0;
  #read = 0;
  /** libhdf5 was stopped in the middle of something, and what it holds is not in order any more. */
  spent = false;
  readonly outline: Outline;

  /** Throws `FileProblem`: no HDF5 file; links, sources elsewhere, filters, sizes that are refused. */
  constructor(module: H5Module, source: Hdf5Source, limits: Hdf5Limits) {
    this.#module = module;
    this.#limits = limits;
    this.#hide = showFile(module, source);
    this.#file = this.#asking('it is not an HDF5 file', () =>
      // No order is tracked, and any version of the format is read.
      module.open(shownAs, module.H5F_ACC_RDONLY, false, -1, -1),
    );
    this.outline = this.#asking('its groups cannot be read', () => this.#walk('/', 0));
  }

  /** Its values as float32. @param shape that it must have. Throws `FileProblem`. */
  values(path: string, shape: readonly number[]): Float32Array {
    const found = this.#datasets.get(path);
    if (!found) throw damaged(`${path} is not there`);
    const sides = (found.shape ?? []).map(Number);
    if (sides.join() !== shape.join()) {
      throw damaged(`${path} has shape ${sides.join('×')}, expected ${shape.join('×')}`);
    }
    const type = typeOf(found);
    if (!type) throw refused(`the values of ${path} are of a kind that models do not have`);
    const count = sides.reduce((product, side) => product * side, 1);
    this.#read += count * 4;
    if (this.#read > this.#limits.total) throw refused(`its values are more than ${inGiB(this.#limits.total)}`);
    const values = new Float32Array(count);
    if (count === 0) return values;
    return this.#asking(`${path} cannot be read`, () => {
      this.#fill(values, path, sides, found);
      return values;
    });
  }

  close(): void {
    this.#module.close_file(this.#file);
    this.#hide();
  }

  /** Some rows after the other, so that libhdf5's memory stays small; whole chunks, so that none is unpacked twice. */
  #fill(values: Float32Array, path: string, sides: readonly number[], of: Metadata): void {
    const { size } = of;
    const [rows = 1] = sides;
    const inRow = values.length / rows;
    const step = of.chunks?.[0] ?? 1;
    const together = Math.min(rows, Math.max(1, Math.floor(portion / (inRow * size * step))) * step);
    const place = this.#take(together * inRow * size);
    for (let from = 0; from < rows; from += together) {
      const count = Math.min(together, rows - from);
      // Of a scalar all is read.
      const ranges = sides.length === 0 ? null : sides.map((side, axis) => BigInt(axis === 0 ? count : side));
      const starts = ranges?.map((_, axis) => BigInt(axis === 0 ? from : 0)) ?? null;
      const strides = ranges?.map(() => 1n) ?? null;
      const status = this.#module.get_dataset_data(this.#file, path, ranges, starts, strides, BigInt(place));
      if (status < 0) throw damaged(`${path} cannot be read`);
      const bytes = this.#module.HEAPU8.slice(place, place + count * inRow * size);
      putFloats(values, from * inRow, bytes, of);
    }
    this.#module._free(place);
  }

  #take(bytes: number): number {
    const place = this.#module._malloc(bytes);
    if (place === 0) throw refused('reading it takes more memory than a model file may');
    return place;
  }

  #walk(path: string, depth: number): Outline {
    const { objects, depth: deepest } = this.#limits;
    if (depth > deepest) throw refused(`its groups lie more than ${deepest} deep`);
    const groups = new Map<string, Outline>();
    const datasets = new Map<string, OutlinedDataset>();
    const names = this.#module.get_names(this.#file, path, false) as unknown as string[];
    for (const name of names) {
      if (++this.#objects > objects) throw refused(`it has more than ${objects} groups and arrays`);
      const at = `${path === '/' ? '' : path}/${name}`;
      // Before anything follows them: of a link even the question of what it is would be asked of its target.
      if (this.#module.get_symbolic_link(this.#file, at) !== null) throw refused(`${at} is a link to another place`);
      const external = this.#module.get_external_link(this.#file, at);
      if (Object.keys(external).length > 0) throw refused(`${at} is a link into another file`);
      const type = this.#module.get_type(this.#file, at);
      if (type === this.#module.H5G_GROUP) groups.set(name, this.#walk(at, depth + 1));
      else if (type === this.#module.H5G_DATASET) datasets.set(name, this.#dataset(at));
      else throw refused(`${at} is neither a group nor an array`);
    }
    return { attributes: this.#attributes(path), groups, datasets };
  }

  #dataset(path: string): OutlinedDataset {
    const found = this.#module.get_dataset_metadata(this.#file, path);
    const shape = (found.shape ?? []).map(Number);
    if (found.virtual_sources) throw refused(`${path} is put together from other files`);
    if (shape.length > mostAxes) throw refused(`${path} has ${shape.length} axes`);
    const bytes = shape.reduce((product, side) => product * side, found.size);
    if (!(bytes <= this.#limits.dataset)) throw refused(`${path} claims to have ${inGiB(bytes)}`);
    const chunk = (found.chunks ?? []).reduce((product, side) => product * Number(side), found.size);
    if (!(chunk <= largestChunk)) throw refused(`${path} is stored in pieces of ${inGiB(chunk)}`);
    for (const { id, name } of this.#module.get_dataset_filters(this.#file, path)) {
      if (!knownFilters.has(id)) throw refused(`${path} is packed by a filter that is not known, ${name || id}`);
    }
    this.#datasets.set(path, found);
    return { shape, type: typeOf(found) };
  }

  #attributes(path: string): Outline['attributes'] {
    const names = this.#module.get_attribute_names(this.#file, path) as unknown as string[];
    const found = names.filter(wantedAttribute).map((name) => {
      const { value, bytes } = readText(this.#module, this.#file, path, name, this.#limits.text - this.#text);
      this.#text += bytes;
      return [name, value] as const;
    });
    return Object.fromEntries(found);
  }

  /** What libhdf5 says, as a sentence. */
  #asking<T>(what: string, ask: () => T): T {
    try {
      return ask();
    } catch (thrown) {
      this.spent = true;
      if (thrown instanceof FileProblem) throw thrown;
      const said = thrown instanceof Error ? thrown.message : String(thrown);
      if (/external raw data file|external file/i.test(said)) throw refused('values of it lie in another file');
      if (/memory for reading|Memory allocation|alloc/i.test(said) && thrown instanceof RangeError) throw refused(said);
      throw damaged(what);
    }
  }
}

function typeOf({ type, size, vlen }: Metadata): OutlinedDataset['type'] {
  // H5T_INTEGER, H5T_FLOAT
  if (vlen) return null;
  if (type === 0 && [1, 2, 4, 8].includes(size)) return 'integer';
  if (type !== 1) return null;
  return size === 2 ? 'float16' : size === 4 ? 'float32' : size === 8 ? 'float64' : null;
}

function putFloats(into: Float32Array, from: number, bytes: Uint8Array, { type, size, signed }: Metadata): void {
  const { buffer } = bytes;
  if (type === 1 && size === 4) return into.set(new Float32Array(buffer), from);
  if (type === 1 && size === 8) return into.set(new Float64Array(buffer), from);
  if (type === 1) return new Uint16Array(buffer).forEach((bits, place) => (into[from + place] = half(bits)));
  if (size === 8) {
    const whole = signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
    return whole.forEach((value, place) => (into[from + place] = Number(value)));
  }
  if (size === 4) return into.set(signed ? new Int32Array(buffer) : new Uint32Array(buffer), from);
  if (size === 2) return into.set(signed ? new Int16Array(buffer) : new Uint16Array(buffer), from);
  into.set(signed ? new Int8Array(buffer) : bytes, from);
}

/** IEEE 754's binary16. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const inGiB = (bytes: number) => (Number.isFinite(bytes) ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : 'more than can be');
