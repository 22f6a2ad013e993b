import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { elementTypes, type ElementType, type Node } from './node.ts';
import { servingTag, writeSavedModel } from './writer.ts';

export interface Fed {
  /** `<node>:<output>` */
  readonly tensor: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Of that type, as many as the shape holds. TensorFlow may read them where they lie: unchanged until `run` returns. */
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/**
 * A graph ready to run in TensorFlow, with the variables it holds. It lives outside tfjs: what goes in and out are
 * plain arrays, and no tensor is left behind.
 */
export class Session {
  #id: number | null;

  /**
   * @param graph nodes, or the folder of a SavedModel: somebody has made sure that nothing in it does harm
   * Fails with TensorFlow's own words when a node is unknown or does not fit.
   */
  constructor(graph: readonly Node[] | { readonly folder: string }) {
    if ('folder' in graph) {
      this.#id = tensorflowBackend().binding.loadSavedModel(graph.folder, servingTag);
      return;
    }
    // The binding loads from a folder only.
    const folder = mkdtempSync(join(os.tmpdir(), 'heatlens-graph-'));
    try {
      writeFileSync(join(folder, 'saved_model.pb'), writeSavedModel(graph));
      this.#id = tensorflowBackend().binding.loadSavedModel(folder, servingTag);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The tensors named, float32 or int32. Only what they need is computed. */
  run(feeds: readonly Fed[], fetches: readonly string[]): (Float32Array | Int32Array)[] {
    if (this.#id === null) throw new Error('The session has ended.');
    const { binding } = tensorflowBackend();
    const ids: number[] = [];
    try {
      for (const { shape, type, values } of feeds) {
        ids.push(binding.createTensor([...shape], elementTypes[type], values));
      }
      const names = feeds.map(({ tensor }) => tensor).join(',');
      const fetched = binding.runSavedModel(this.#id, ids, names, fetches.join(','));
      ids.push(...fetched.map(({ id }) => id));
      return fetched.map(({ id }) => binding.tensorDataSync(id) as Float32Array | Int32Array);
    } finally {
      for (const id of ids) binding.deleteTensor(id);
    }
  }

  dispose(): void {
    if (this.#id !== null) tensorflowBackend().binding.deleteSavedModel(this.#id);
    this.#id = null;
  }
}
