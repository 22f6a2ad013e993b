import type { DataSetSummary, Split } from '#contract/data.ts';
import type { PixelSums } from './pixel-sums.ts';

/** The images of one split, as they lie on disk or in memory: unsigned bytes, [image, height, width, channel]. */
export interface ImageSource {
  readonly count: number;
  /** Class index of each image. */
  readonly labels: Uint16Array;
  /**
   * Copies the pixels of the images named, in that order, one after the other.
   * @param into `indices.length * height * width * channels` bytes
   */
  read(indices: ArrayLike<number>, into: Uint8Array): void;
  /** How another thread reads the same images. Absent = only this one can. */
  readonly shared?: SharedImages | undefined;
  /** The name of an image's file within what was imported. */
  files?(index: number): string | undefined;
  /** What the image's pixels sum up to, where that was kept. */
  sums?(index: number): PixelSums | undefined;
}

/** Images as data that can be sent to another thread, which opens them there (`loader/open-images.ts`). */
export type SharedImages = {
  /** Where each image lies in what follows. Absent = in order. */
  readonly places?: Uint32Array;
} & (
  | {
      readonly kind: 'memory';
      /** [image, height, width, channel], in shared memory: sending it copies nothing. */
      readonly pixels: Uint8Array;
    }
  /** The same, in a file. */
  | { readonly kind: 'packed'; readonly file: string }
  /** One after the other. */
  | { readonly kind: 'several'; readonly parts: readonly { readonly images: SharedImages; readonly count: number }[] }
);

/** An opened data set. Immutable: an edit makes another. */
export interface DataSet {
  readonly summary: DataSetSummary;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: readonly string[];
  /** The splits it was given with; validation is cut off the training split by each run. */
  source(split: Split): ImageSource | undefined;
}

/** Where data sets are found. Fails: `data/unknown-set`, and what opening one may. */
export interface FindDataSet {
  get(id: string): Promise<DataSet>;
}

/** What a run predicted for a split: needed to filter and sort images by right and wrong. Rows follow the split's order. */
export interface Predictions {
  readonly revision: string;
  /** Index within the split of row i; absent when rows are the first images in order. */
  readonly indices?: Uint32Array;
  readonly predicted: Uint16Array;
  /** [image, class], each row sums to 1. */
  readonly probabilities: Float32Array;
  readonly classes: number;
}

/** Where the data room learns of predictions; `evaluate` answers it. Throws `run/unknown`. */
export type FindPredictions = (run: string, dataset: string, split: Split) => Promise<Predictions | null>;
