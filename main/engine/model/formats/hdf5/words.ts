/** Where an HDF5 file's bytes are. */
export type Hdf5Source =
  | {
      readonly path: string;
      /** A part of the file: a member of an archive. */
      readonly part?: { readonly from: number; readonly size: number };
    }
  | { readonly bytes: Uint8Array };

export interface Hdf5Limits {
  /** Of the memory in which libhdf5 works. */
  readonly heap: number;
  /** Groups and datasets together. */
  readonly objects: number;
  /** Groups in groups. */
  readonly depth: number;
  /** Of all text in attributes, bytes. */
  readonly text: number;
  /** Of one dataset, bytes. */
  readonly dataset: number;
  /** Of all values read from one file, bytes. */
  readonly total: number;
}

/** Keras' own loader stops at 4 GiB as well (keras/src/saving/saving_lib.py). */
export const usualLimits: Hdf5Limits = {
  heap: 640 * 2 ** 20,
  objects: 50_000,
  depth: 32,
  text: 64 * 2 ** 20,
  dataset: 2 ** 31,
  total: 2 ** 32,
};

export interface OutlinedDataset {
  readonly shape: readonly number[];
  /** Null: its values are of a kind that models do not have. */
  readonly type: 'float16' | 'float32' | 'float64' | 'integer' | null;
}

/** A group's own: the text of its attributes, and what is in it, in the file's order. */
export interface Outline {
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  readonly groups: ReadonlyMap<string, Outline>;
  readonly datasets: ReadonlyMap<string, OutlinedDataset>;
}

export type Hdf5Job =
  | { readonly ticket: number; readonly ask: 'outline'; readonly source: Hdf5Source }
  | { readonly ticket: number; readonly ask: 'values'; readonly path: string; readonly shape: readonly number[] };

export interface Hdf5Problem {
  readonly kind: 'refused' | 'damaged';
  readonly reason: string;
  /** libhdf5 was stopped in the middle of it: nothing more is asked of this thread. */
  readonly spent: boolean;
}

export type Hdf5Word =
  | { readonly ready: true }
  | { readonly ticket: number; readonly outline: Outline }
  | { readonly ticket: number; readonly values: Float32Array }
  | { readonly ticket: number; readonly problem: Hdf5Problem };
