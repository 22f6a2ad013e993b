import type { ImageSource, SharedImages } from './data-set.ts';
import type { PixelSums } from './pixel-sums.ts';

/** Some images of several sources, in an order and with labels of their own. */
export class SelectedSource implements ImageSource {
  readonly count: number;
  readonly labels: Uint16Array;
  readonly #parts: readonly ImageSource[];
  /** In the parts, one after the other. */
  readonly #places: Uint32Array;

  constructor(parts: readonly ImageSource[], places: Uint32Array, labels: Uint16Array) {
    this.count = places.length;
    this.labels = labels;
    this.#parts = parts;
    this.#places = places;
  }

  get shared(): SharedImages | undefined {
    const parts = this.#parts.map(({ shared, count }) => ({ images: shared, count }));
    const [only] = parts;
    if (parts.length === 1 && only?.images && !only.images.places) return { ...only.images, places: this.#places };
    const whole = parts.filter((part): part is { images: SharedImages; count: number } => part.images !== undefined);
    return whole.length === parts.length ? { kind: 'several', parts: whole, places: this.#places } : undefined;
  }

  read(indices: ArrayLike<number>, into: Uint8Array): void {
    const [only] = this.#parts;
    const places = Uint32Array.from(indices, (index) => this.#place(index));
    if (this.#parts.length === 1) return only?.read(places, into);
    const imageBytes = into.length / Math.max(1, indices.length);
    for (let from = 0; from < places.length;) {
      const { part, at } = this.#part(places[from] ?? 0);
      const run = [at];
      for (let next = from + 1; next < places.length; next++) {
        const other = this.#part(places[next] ?? 0);
        if (other.part !== part) break;
        run.push(other.at);
      }
      part.read(run, into.subarray(from * imageBytes, (from + run.length) * imageBytes));
      from += run.length;
    }
  }

  files(index: number): string | undefined {
    const { part, at } = this.#part(this.#place(index));
    return part.files?.(at);
  }

  sums(index: number): PixelSums | undefined {
    const { part, at } = this.#part(this.#place(index));
    return part.sums?.(at);
  }

  #place(index: number): number {
    const place = this.#places[index];
    if (place === undefined) throw new RangeError(`There is no image ${index} among ${this.count}.`);
    return place;
  }

  #part(place: number): { part: ImageSource; at: number } {
    let at = place;
    for (const part of this.#parts) {
      if (at < part.count) return { part, at };
      at -= part.count;
    }
    throw new RangeError(`There is no image ${place} in the pool.`);
  }
}
