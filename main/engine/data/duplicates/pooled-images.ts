import { split as splitOrder, type Split } from '#contract/data.ts';
import type { DataSet, ImageSource } from '../data-set.ts';
import { luma } from '../decode/raster.ts';

/** All images of a set in one row: training, validation, test. */
export class PooledImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly #parts: { readonly split: Split; readonly source: ImageSource; readonly from: number }[] = [];
  readonly #bytes: Uint8Array;

  constructor(dataSet: DataSet) {
    this.height = dataSet.height;
    this.width = dataSet.width;
    this.channels = dataSet.channels;
    let from = 0;
    for (const split of splitOrder.options) {
      const source = dataSet.source(split);
      if (!source) continue;
      this.#parts.push({ split, source, from });
      from += source.count;
    }
    this.count = from;
    this.#bytes = new Uint8Array(this.height * this.width * this.channels);
  }

  /** Split, index and label of the image at a place. */
  at(place: number): { split: Split; index: number; label: number } {
    const { split, source, from } = this.#partOf(place);
    return { split, index: place - from, label: source.labels[place - from] ?? 0 };
  }

  /** [height, width, channel] of one image; holds until the next is read. */
  pixels(place: number): Uint8Array {
    const { source, from } = this.#partOf(place);
    source.read([place - from], this.#bytes);
    return this.#bytes;
  }

  /** [height, width] of one image. */
  luma(place: number, into: Uint8Array): void {
    const pixels = this.pixels(place);
    if (this.channels < 3) {
      for (let pixel = 0; pixel < into.length; pixel++) into[pixel] = pixels[pixel * this.channels] ?? 0;
    } else {
      for (let pixel = 0, at = 0; pixel < into.length; pixel++, at += this.channels) {
        into[pixel] = luma(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
      }
    }
  }

  #partOf(place: number) {
    const part = this.#parts.findLast(({ from }) => from <= place);
    if (!part || place >= this.count) throw new RangeError(`there is no image at ${place} of ${this.count}`);
    return part;
  }
}
