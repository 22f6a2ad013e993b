import type { SharedImages } from '../data-set.ts';
import { gather } from '../gather.ts';
import { readPacked } from '../packed-source.ts';

/** Reads the images named, one after the other, into `into`, as they are in this pass over the images. */
export type ReadImages = (indices: Uint32Array, into: Uint8Array, pass: number) => void | Promise<void>;

/**
 * Opens images in the thread that is to read them. What is done to images on their way (augmentation) is a `ReadImages`
 * around this one.
 */
export function openImages(images: SharedImages, imageBytes: number): (indices: Uint32Array, into: Uint8Array) => void {
  const { places } = images;
  const read = openWhole(images, imageBytes);
  return (indices, into) => read(places ? indices.map((index) => places[index] ?? -1) : indices, into);
}

function openWhole(images: SharedImages, imageBytes: number): (indices: Uint32Array, into: Uint8Array) => void {
  if (images.kind === 'memory') return (indices, into) => gather(images.pixels, imageBytes, indices, into);
  if (images.kind === 'packed') return (indices, into) => readPacked(images.file, imageBytes, indices, into);
  const parts = images.parts.map(({ images: part, count }) => ({ read: openImages(part, imageBytes), count }));
  return (indices, into) => {
    for (const [position, index] of indices.entries()) {
      let at = index;
      const part = parts.find(({ count }) => at < count || ((at -= count), false));
      if (!part) throw new RangeError(`There is no image ${index}.`);
      part.read(Uint32Array.of(at), into.subarray(position * imageBytes, (position + 1) * imageBytes));
    }
  };
}
