import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { fileFailure } from '#engine/project/file-failure.ts';

const bytes = Float32Array.BYTES_PER_ELEMENT;

/**
 * Outputs of a layer for the images of a split, each at its image's place: `<key>.f32`, with holes where none was
 * computed, and `<key>.have`, a byte for each image. What is told to be there was on disk before it was told of.
 */
export class FeatureFile {
  readonly #file: string;
  readonly #values: number;
  readonly #have: Uint8Array;
  readonly #handle: number;
  #fresh: number[] = [];

  /**
   * Fails: `file/not-writable`, `file/unreadable`.
   * @param values of one image @param images of the split
   */
  constructor(file: string, values: number, images: number) {
    this.#file = file;
    this.#values = values;
    try {
      this.#handle = openSync(`${file}.f32`, existsSync(`${file}.f32`) ? 'r+' : 'w+');
      this.#have = this.#known(images);
      const now = new Date();
      utimesSync(`${file}.f32`, now, now); // used last
    } catch (thrown) {
      throw fileFailure(thrown, file, 'writing');
    }
  }

  has(image: number): boolean {
    return this.#have[image] === 1;
  }

  /** @param outputs of these images, one after the other. Fails: `file/no-space`, `file/not-writable`. */
  write(images: ArrayLike<number>, outputs: Float32Array): void {
    const size = this.#values * bytes;
    const from = Buffer.from(outputs.buffer, outputs.byteOffset, outputs.byteLength);
    try {
      for (let place = 0; place < images.length; place++) {
        const image = images[place] ?? 0;
        writeAll(this.#handle, from.subarray(place * size, (place + 1) * size), image * size);
        this.#fresh.push(image);
      }
    } catch (thrown) {
      throw fileFailure(thrown, `${this.#file}.f32`, 'writing');
    }
  }

  /** What was written is kept from now on. Fails: as `write`. */
  settle(): void {
    if (this.#fresh.length === 0) return;
    try {
      fdatasyncSync(this.#handle);
      for (const image of this.#fresh) this.#have[image] = 1;
      this.#fresh = [];
      writeFileSync(`${this.#file}.have`, this.#have);
    } catch (thrown) {
      throw fileFailure(thrown, `${this.#file}.have`, 'writing');
    }
  }

  /** @param into of as many images. Fails: `file/unreadable`. */
  read(images: ArrayLike<number>, into: Float32Array): void {
    const size = this.#values * bytes;
    const to = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
    for (let place = 0; place < images.length; place++) {
      const image = images[place] ?? 0;
      const read = readSync(this.#handle, to, place * size, size, image * size);
      if (read !== size || !this.has(image)) {
        throw fileFailure(new Error(`it has no image ${image}`), `${this.#file}.f32`, 'reading');
      }
    }
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** Which images it has; none when the two files do not fit each other. */
  #known(images: number): Uint8Array {
    const name = `${this.#file}.have`;
    const have = existsSync(name) ? Uint8Array.from(readFileSync(name)) : new Uint8Array(0);
    const reach = (have.lastIndexOf(1) + 1) * this.#values * bytes;
    if (have.length === images && fstatSync(this.#handle).size >= reach) return have;
    ftruncateSync(this.#handle);
    return new Uint8Array(images);
  }
}

function writeAll(handle: number, from: Uint8Array, at: number): void {
  for (let done = 0; done < from.length;) done += writeSync(handle, from, done, from.length - done, at + done);
}
