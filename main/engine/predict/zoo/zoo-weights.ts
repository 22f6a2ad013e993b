import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/failures.ts';
import { download, type Patience } from '#engine/backend/provision/download.ts';
import { withLock } from '#engine/backend/provision/lock.ts';
import { freeSpace, type FreeSpace } from '#engine/backend/provision/space.ts';
import type { Work } from '#engine/backend/provision/work.ts';
import { downloadFailure } from '#engine/data/famous/failures.ts';
import type { Tell } from '#engine/data/progress.ts';
import { loadKerasWeights } from '#engine/model/formats/keras/reading/load-keras-weights.ts';
import { writeSafetensors } from '#engine/model/safetensors.ts';
import { classCount, type WeightsFile, type ZooDefinition } from '#engine/model/zoo/definition.ts';
import type { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { fileFailure } from '#engine/project/file-failure.ts';

/** A person waits. */
const usual: Patience = { waits: [500, 1500], silence: 30_000 };
/** Left free on the disk beside what is fetched. */
const spare = 50e6;
/** What a file of weights has beside them: names, shapes, gaps; the largest has 3 MB. */
const mostBeside = 16e6;

export interface ZooWeightsOptions {
  readonly shelf: ZooShelf;
  /**
   * Taken instead of Keras' own place: a folder on the web (or `file:`) that has the files under their names.
   * `HEATLENS_ZOO_MIRROR` says which, where that place is slow or shut off.
   */
  readonly mirror?: string | undefined;
  readonly free?: FreeSpace;
  readonly patience?: Patience;
}

/** Gets the zoo's weights onto the shelf: from Keras' own place, or from a file that is here. */
export class ZooWeights {
  readonly #shelf: ZooShelf;
  readonly #mirror: string | undefined;
  readonly #free: FreeSpace;
  readonly #patience: Patience;

  constructor(options: ZooWeightsOptions) {
    this.#shelf = options.shelf;
    this.#mirror = 'mirror' in options ? options.mirror : process.env['HEATLENS_ZOO_MIRROR'];
    this.#free = options.free ?? freeSpace;
    this.#patience = options.patience ?? usual;
  }

  /**
   * Keras' file, checked, in a folder of its own beside the shelf; `install` takes it from there. Cancelled or failed,
   * what has come stays, and the next try goes on from there.
   * Fails: `zoo/unknown`, `download/offline`, `download/refused`, `download/checksum`, `file/no-space`, `file/not-writable`.
   */
  async download(id: string, tell: Tell, signal: AbortSignal): Promise<string> {
    const { name, weights, parameters } = this.#shelf.find(id);
    if (!weights) throw new Error(`${name} comes with the app.`);
    const folder = this.#folder(id);
    const called = fileName(weights);
    const file = path.join(folder, called);
    try {
      await mkdir(folder, { recursive: true });
      await withLock(folder, quiet(signal), async (work) => {
        await this.#requireSpace(folder, file, 4 * parameters);
        let fetching = false; // else it is being checked, which is quick
        const told: Work = {
          signal: work.signal,
          begin: (stage) => (fetching = stage === 'download'),
          advance: (done, total) => fetching && tell(done, total ?? 4 * parameters),
        };
        const checksum = weights.md5 === null ? {} : { checksum: { algorithm: 'md5', hex: weights.md5 } as const };
        const mostBytes = 4 * parameters + mostBeside;
        await download({ url: this.#url(weights), file, name: called, mostBytes, ...checksum }, told, this.#patience);
      });
      return file;
    } catch (thrown) {
      signal.throwIfAborted();
      throw fileFailure(downloadFailure(thrown, { name, files: [{ name: called }] }, folder), folder, 'writing');
    }
  }

  /**
   * Takes the weights from a file in Keras' layout and keeps them; what was downloaded goes.
   * Fails: `zoo/unknown`, `model/weights-differ`, `model/file-refused`, `model/file-damaged`, `file/no-space`,
   * `file/not-writable`, `call/cancelled`.
   */
  async install(id: string, file: string, signal: AbortSignal): Promise<void> {
    const definition = this.#shelf.find(id);
    requireFetched(definition);
    const weights = await loadKerasWeights(file, definition.network(), classCount, signal);
    signal.throwIfAborted();
    await mkdir(this.#shelf.folder, { recursive: true }).catch((thrown: unknown) => {
      throw fileFailure(thrown, this.#shelf.folder, 'writing');
    });
    await writeSafetensors(this.#shelf.file(id), weights);
    await rm(this.#folder(id), { recursive: true, force: true });
  }

  /** Frees the disk of fetched weights, and of what a stopped download left. Fails: `zoo/unknown`, `file/not-writable`. */
  async remove(id: string): Promise<void> {
    if (!this.#shelf.find(id).weights) return;
    const file = this.#shelf.file(id);
    try {
      await rm(file, { force: true });
      await rm(this.#folder(id), { recursive: true, force: true });
    } catch (thrown) {
      throw fileFailure(thrown, file, 'writing');
    }
  }

  #folder(id: string): string {
    return path.join(this.#shelf.folder, `${id}.download`);
  }

  #url(weights: WeightsFile): string {
    if (this.#mirror === undefined) return weights.url;
    return new URL(fileName(weights), this.#mirror.endsWith('/') ? this.#mirror : `${this.#mirror}/`).href;
  }

  /** For the file and for what is kept of it. Fails: `file/no-space`. */
  async #requireSpace(folder: string, file: string, bytes: number): Promise<void> {
    const there = Math.max(...(await Promise.all([file, `${file}.part`].map(sizeOf))));
    const needed = 2 * bytes - Math.min(there, bytes) + spare;
    const free = await this.#free(folder);
    if (free >= needed) return;
    const message = `${folder} has ${free} bytes free; ${needed} are needed.`;
    throw new AppError('file/no-space', message, { file: folder, needed, free });
  }
}

function requireFetched({ id, name, weights }: ZooDefinition): void {
  if (weights) return;
  const reason = `${name} comes with Heatlens, weights and all`;
  throw new AppError('model/file-refused', `Nothing is installed for ${id}: ${reason}.`, { file: name, reason });
}

const fileName = ({ url }: WeightsFile) => path.posix.basename(new URL(url).pathname);

function quiet(signal: AbortSignal): Work {
  return { signal, begin: () => undefined, advance: () => undefined };
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
