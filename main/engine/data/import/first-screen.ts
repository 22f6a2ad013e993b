import type { ImageForm } from '#contract/data.ts';
import type { ListedImage } from '../listing/list-images.ts';

/** Images shown while the others are decoded, and how many stand in a row. */
export const screenImages = 96;
export const screenColumns = 16;

/** The first pictures of an import, spread over all of it, so that a person sees at once whether it is the right thing. */
export class FirstScreen {
  readonly form: ImageForm;
  readonly #images: Uint8Array[] = [];

  constructor(form: ImageForm) {
    this.form = form;
  }

  /** Images that are there. */
  get count(): number {
    return this.#images.length;
  }

  image(place: number): Uint8Array | undefined {
    return this.#images[place];
  }

  /** Decodes them before any other, a row at a time. Those that cannot be decoded are left out. */
  async *fill(
    images: readonly ListedImage[],
    decode: (image: ListedImage) => Promise<Uint8Array | null>,
  ): AsyncGenerator<void, void> {
    const count = Math.min(screenImages, images.length);
    for (let row = 0; row < count; row += screenColumns) {
      const places = Array.from({ length: Math.min(screenColumns, count - row) }, (_, place) => row + place);
      const chosen = places.flatMap((place) => images[Math.floor((place * images.length) / count)] ?? []);
      const decoded = await Promise.all(chosen.map(decode));
      for (const pixels of decoded) if (pixels) this.#images.push(pixels);
      yield;
    }
  }
}
