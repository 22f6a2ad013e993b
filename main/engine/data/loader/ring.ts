/** Memory that the engine and its reader threads share: places for batches, used again and again. */
export interface Ring {
  readonly slots: number;
  /** Images of a full batch. */
  readonly size: number;
  readonly imageBytes: number;
  /** [slot, image, byte] */
  readonly pixels: Uint8Array;
  /** [slot, image]: which images are wanted. */
  readonly indices: Uint32Array;
  /** Ticket of the batch that lies in each slot, 0 before the first. */
  readonly filled: Int32Array;
  /** One number: work with a lower ticket is no longer wanted. */
  readonly oldest: Int32Array;
}

/** One batch to be read. Tickets count up from 1 as long as the ring lives. */
export interface Work {
  readonly ticket: number;
  readonly slot: number;
  readonly images: number;
  /** Over the images, from 1; 0 leaves them as they are. */
  readonly pass: number;
}

export function makeRing(slots: number, size: number, imageBytes: number): Ring {
  return {
    slots,
    size,
    imageBytes,
    pixels: new Uint8Array(new SharedArrayBuffer(slots * size * imageBytes)),
    indices: new Uint32Array(new SharedArrayBuffer(slots * size * Uint32Array.BYTES_PER_ELEMENT)),
    filled: new Int32Array(new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT)),
    oldest: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
}

/** The parts of the ring that a piece of work is about; views, no copies. */
export function placesOf(ring: Ring, { slot, images }: Pick<Work, 'slot' | 'images'>) {
  const { size, imageBytes } = ring;
  const first = slot * size;
  return {
    indices: ring.indices.subarray(first, first + images),
    pixels: ring.pixels.subarray(first * imageBytes, (first + images) * imageBytes),
  };
}
