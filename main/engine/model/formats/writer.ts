import type { WrittenFormat } from '#contract/models.ts';
import type { PortableModel } from '../portable.ts';

export interface WriteOptions {
  /** `inside`: layers do it, the file takes RGB 0…255. `beside`: the file says what is to be done first. */
  readonly pixels: 'inside' | 'beside';
  /** Whether the optimizer's state goes along, where the model has one and the format a place for it. */
  readonly optimizer: boolean;
  /** SavedModel: as variables, or as constants in the graph. */
  readonly weights: 'variables' | 'constants';
  /** Classifiers that only training uses are outputs too (.keras); absent = they are left out. */
  readonly auxiliary?: boolean;
}

export interface Written {
  /** Sentences: what the file does not say as the model did, or says in another way. */
  readonly notes: readonly string[];
}

/** One format that models are written in. Whether the file is right is checked by whoever asked for it, by reading it back. */
export interface ModelWriter {
  readonly format: WrittenFormat;
  /**
   * @param path where nothing is yet; a file, or for formats of several files (SavedModel, tfjs) a folder that is made.
   * What is written before a failure or an abort stays behind and is removed by whoever asked.
   * Fails: `model/cannot-write` naming layer and reason.
   */
  write(model: PortableModel, path: string, options: WriteOptions, signal?: AbortSignal): Promise<Written>;
}
