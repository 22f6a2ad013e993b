import { closeSync, openSync, readSync } from 'node:fs';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { ImageSource, SharedImages } from './data-set.ts';
import type { PixelSums } from './pixel-sums.ts';

/** What is known of an image beside its pixels. */
export interface PackedImage {
  /** Where it came from. */
  readonly file: string;
  readonly label: number;
  readonly sums: PixelSums;
}

/** Images that lie one after the other in a file, `imageBytes` each: as large as the disk, and no memory taken. */
export class PackedSource implements ImageSource {
  readonly count: number;
  readonly labels: Uint16Array;
  readonly shared: SharedImages;
  readonly #file: string;
  readonly #imageBytes: number;
  readonly #images: readonly PackedImage[];

  constructor(file: string, imageBytes: number, images: readonly PackedImage[]) {
    this.#file = file;
    this.#imageBytes = imageBytes;
    this.#images = images;
    this.labels = Uint16Array.from(images, ({ label }) => label);
    this.count = images.length;
    this.shared = { kind: 'packed', file };
  }

  /** Fails: `file/missing`, `file/unreadable`. */
  read(indices: ArrayLike<number>, into: Uint8Array): void {
    readPacked(this.#file, this.#imageBytes, indices, into);
  }

  files(index: number): string | undefined {
    return this.#images[index]?.file;
  }

  sums(index: number): PixelSums | undefined {
    return this.#images[index]?.sums;
  }
}

/**
 * Copies images of the file, in the order of `indices`, one after the other. Neighbours are read at once.
 * Fails: `file/missing`, `file/unreadable`; with a RangeError for an image that is not there.
 */
export function readPacked(file: string, imageBytes: number, indices: ArrayLike<number>, into: Uint8Array): void {
  // Opened for each batch: it costs some 10 µs, and nothing has to be closed by anybody.
  const handle = opened(file);
  try {
    for (let position = 0; position < indices.length;) {
      const first = indices[position] ?? -1;
      let images = 1;
      while (position + images < indices.length && indices[position + images] === first + images) images++;
      const wanted = images * imageBytes;
      const read = first < 0 ? 0 : readSync(handle, into, position * imageBytes, wanted, first * imageBytes);
      if (read !== wanted) throw new RangeError(`There are no images ${first} … ${first + images - 1} in ${file}.`);
      position += images;
    }
  } catch (error) {
    throw error instanceof RangeError ? error : fileFailure(error, file, 'reading');
  } finally {
    closeSync(handle);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw fileFailure(error, file, 'reading');
  }
}
