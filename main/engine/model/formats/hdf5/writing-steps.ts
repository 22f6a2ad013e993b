/** One thing to write into an HDF5 file; groups on the way are made. */
export type HdfStep =
  | { readonly kind: 'group'; readonly path: string }
  /** Text, or a list of texts. An empty list is float64 of shape (0,), as h5py makes of an empty list. */
  | {
      readonly kind: 'attribute';
      /** Of the group it belongs to; '' is the file itself. */
      readonly path: string;
      readonly name: string;
      readonly value: string | readonly string[];
    }
  | {
      readonly kind: 'values';
      readonly path: string;
      readonly shape: readonly number[];
      readonly values: Float32Array;
    }
  /** A scalar, int64. */
  | { readonly kind: 'whole'; readonly path: string; readonly value: number };

/** To the writing thread: steps, or the end of the file. */
export type WritingWord = { readonly steps: readonly HdfStep[] } | { readonly end: true };

/** From it: the last word is done, or why it could not be. */
export type WritingAnswer = { readonly done: true } | { readonly failed: string };
