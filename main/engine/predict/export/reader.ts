import type { PortableModel } from '#engine/model/portable.ts';

/** A written file, read again and ready to answer. */
export interface ReadBack {
  /** By what it was read. */
  readonly by: string;
  /** @param pixels [count, height, width, channel], 0…255; returns probabilities, [count, class] */
  answers(pixels: Uint8Array, count: number): Float32Array;
  dispose(): void;
}

/** Reads what was written from `model`. Null for what answers nothing by itself. */
export type Reader = (path: string, model: PortableModel, signal?: AbortSignal) => Promise<ReadBack | null>;
