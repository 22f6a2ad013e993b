import type { ModelLook, PhotoFit } from '#contract/models.ts';
import type { PortableModel } from '../portable.ts';
import type { NamedValues } from '../safetensors.ts';
import type { NetworkData } from '../spec.ts';
import type { Hdf5Thread } from './hdf5/hdf5-thread.ts';

/** What a model file has. */
export interface ReadModel {
  readonly look: ModelLook;
  /** Null: weights alone. Of an architecture alone its `weights` are empty. */
  readonly model: PortableModel | null;
  /** How photos fit, where the file says so. */
  readonly fit?: PhotoFit | undefined;
  /**
   * Of weights alone: onto a network. Its classes are as many as the file has, where the network leaves that open.
   * Fails: `model/weights-differ`, `model/file-…`.
   */
  readonly weightsFor?: (spec: NetworkData) => Promise<{ classes: number; weights: NamedValues[] }>;
}

/** Of a file that is known to be there. @returns what it is called, without its ending */
export interface FileFacts {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** What is asked of a format's reader. */
export interface ReadOptions {
  /** Whether values are read, too. */
  readonly weights: boolean;
  readonly signal?: AbortSignal | undefined;
  /** That reads HDF5 and stays; absent = one for this file alone. */
  readonly thread?: Hdf5Thread | undefined;
}
