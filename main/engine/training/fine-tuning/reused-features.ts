import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import { BatchLoader } from '#engine/data/loader/batch-loader.ts';
import { threadsFor } from '#engine/data/loader/threads-for.ts';
import type { Network } from '#engine/model/network.ts';
import type { Pixels } from '#engine/model/pixels.ts';
import type { BatchSource } from '../batches.ts';
import { FeatureBatches } from './feature-batches.ts';
import { FeatureFile } from './feature-file.ts';
import { FeatureGraph } from './feature-graph.ts';
import { makeRoom } from './feature-room.ts';
import type { FrozenPart } from './frozen-part.ts';
import { splitNetwork } from './split-network.ts';

/** Raised when the files change their meaning. */
const version = 1;
/** The most images computed at once. */
const most = 32;
/** Milliseconds after which what was computed is brought to the disk. */
const settleAfter = 5000;

export interface Wanted {
  readonly source: ImageSource;
  readonly images: Uint32Array;
}

export interface ReusedParts {
  /** Where they are kept. */
  readonly folder: string;
  readonly network: Network;
  readonly part: FrozenPart;
  readonly pixels: Pixels;
  readonly data: DataSet;
  /** By the split's name. */
  readonly wanted: Readonly<Record<string, Wanted>>;
  /** Images of a training batch. */
  readonly size: number;
  readonly ready: () => Promise<void>;
  readonly busy: (label: string) => () => void;
}

export interface FeatureProgress {
  readonly done: number;
  readonly total: number;
  /** Seconds it will take, once that can be told. */
  readonly secondsLeft: number | null;
}

/** What a network's frozen part gives for a run's images: computed once, kept on disk, used by every run it is the same for. */
export class ReusedFeatures {
  /** Of what is trained, with features for pixels. */
  readonly tail: Network;
  readonly #parts: ReusedParts;
  readonly #graph: FeatureGraph;
  readonly #files: ReadonlyMap<string, FeatureFile>;
  readonly #values: number;
  #complete = false;
  #counted = { computed: 0, found: 0, seconds: 0 };

  private constructor(parts: ReusedParts, files: ReadonlyMap<string, FeatureFile>) {
    const split = splitNetwork(parts.network, parts.part);
    this.tail = split.tail;
    this.#parts = parts;
    this.#files = files;
    this.#values = valuesOf(parts.part);
    this.#graph = new FeatureGraph(parts.network, split, parts.part);
  }

  /** Null when there is no room for them. Fails: `file/not-writable`. */
  static async open(parts: ReusedParts): Promise<ReusedFeatures | null> {
    const begin = parts.busy('looking for computed features');
    const base = hashOf(parts);
    begin();
    const values = valuesOf(parts.part);
    const keys = Object.keys(parts.wanted).map((split) => keyOf(base, split));
    const images = Object.values(parts.wanted).reduce((sum, { images }) => sum + images.length, 0);
    if (!(await makeRoom(parts.folder, images * values * Float32Array.BYTES_PER_ELEMENT, keys))) return null;
    const files = new Map<string, FeatureFile>();
    try {
      for (const [split, { source }] of Object.entries(parts.wanted)) {
        files.set(split, new FeatureFile(join(parts.folder, keyOf(base, split)), values, source.count));
      }
      return new ReusedFeatures(parts, files);
    } catch (thrown) {
      for (const file of files.values()) file.close();
      throw thrown;
    }
  }

  /** Images computed so far, and found. */
  get counted(): { readonly computed: number; readonly found: number; readonly seconds: number } {
    return this.#counted;
  }

  /** Every image wanted is there: before that no batch can be had. */
  get complete(): boolean {
    return this.#complete;
  }

  /** @param split one of those wanted */
  batches(split: string, size: number, weights?: Float32Array): BatchSource {
    const file = this.#files.get(split);
    const labels = this.#parts.wanted[split]?.source.labels;
    if (!file || !labels) throw new Error(`No features of ${split} were asked for.`);
    return new FeatureBatches({ file, values: this.#values, labels, size, weights });
  }

  /** Computes what is not there; leaving it keeps what was computed. Fails: `file/no-space`, as reading images does. */
  async *compute(): AsyncGenerator<FeatureProgress, void> {
    const missing = [...this.#files].map(([split, file]) => {
      const { source, images } = this.#parts.wanted[split] as Wanted;
      return { source, file, images: images.filter((image) => !file.has(image)) };
    });
    const asked = Object.values(this.#parts.wanted).reduce((sum, { images }) => sum + images.length, 0);
    const total = missing.reduce((sum, { images }) => sum + images.length, 0);
    this.#counted = { computed: 0, found: asked - total, seconds: 0 };
    this.#complete = total === 0;
    if (total === 0) return;
    yield { done: 0, total, secondsLeft: null };
    const began = performance.now();
    let [settled, first] = [began, { at: began, images: 0 }];
    try {
      for (const { source, file, images } of missing) {
        for await (const { indices, pixels } of this.#reading(source, images)) {
          await this.#parts.ready();
          const done = this.#parts.busy('computing features');
          try {
            file.write(indices, this.#graph.run(pixels, indices.length));
          } finally {
            done();
          }
          await breathe();
          const now = performance.now();
          const computed = this.#counted.computed + indices.length;
          this.#counted = { ...this.#counted, computed, seconds: (now - began) / 1000 };
          // The first batch makes the graph: it says nothing of the others.
          if (first.images === 0) first = { at: now, images: computed };
          const timed = computed - first.images;
          const secondsLeft = timed > 0 ? ((total - computed) * (now - first.at)) / timed / 1000 : null;
          if (now - settled > settleAfter) {
            file.settle();
            settled = now;
          }
          yield { done: computed, total, secondsLeft };
        }
        file.settle();
      }
      this.#complete = true;
    } finally {
      for (const { file } of missing) file.settle();
      this.#graph.dispose();
    }
  }

  dispose(): void {
    this.#graph.dispose();
    this.tail.dispose();
    for (const file of this.#files.values()) file.close();
  }

  async *#reading(source: ImageSource, images: Uint32Array) {
    const { data, size } = this.#parts;
    const batch = Math.min(most, Math.max(1, size), Math.max(1, images.length));
    const threads = threadsFor(batch * data.height * data.width * data.channels, source);
    const loader = new BatchLoader({ images: data, source, size: batch, ahead: 2, threads });
    try {
      let place = 0;
      for await (const { images: count, pixels } of loader.batches(images, 0)) {
        yield { indices: images.subarray(place, place + count), pixels };
        place += count;
      }
    } finally {
      await loader.dispose();
    }
  }
}

const valuesOf = ({ shape }: FrozenPart) => shape.reduce((product, side) => product * side, 1);

/** Of all that decides what is computed: images, their treatment, layers and weights. */
function hashOf({ network, part, pixels, data }: ReusedParts): string {
  const layers = part.before.map(({ layer, inputs }) => ({ ...layer, inputs, trainable: undefined }));
  const { height, width, channels, summary } = data;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([version, summary.hash, height, width, channels, pixels, layers]));
  const names = new Set(part.before.map(({ layer }) => layer.name));
  for (const { name, variable } of network.variables) {
    if (!names.has(name.slice(0, name.lastIndexOf('/')))) continue;
    const values = variable.dataSync<'float32'>();
    hash.update(name).update(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 32);
}

const keyOf = (base: string, split: string) => `${base}-${split}`;
