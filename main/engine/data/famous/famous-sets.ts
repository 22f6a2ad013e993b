import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FamousSet } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { cacheFolder } from '#engine/backend/places.ts';
import { download, type Patience } from '#engine/backend/provision/download.ts';
import { withLock } from '#engine/backend/provision/lock.ts';
import { freeSpace, type FreeSpace } from '#engine/backend/provision/space.ts';
import type { Work } from '#engine/backend/provision/work.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { Tell } from '../progress.ts';
import { isUnreachable, downloadFailure } from './failures.ts';
import { famousSets, type FamousFacts, type FamousFile } from './sets.ts';

/** A person waits, and there may be a second place to ask. */
const usual: Patience = { waits: [500, 1500], silence: 30_000 };
/** Left free on the disk beside what is fetched. */
const spare = 50e6;

export interface FamousOptions {
  readonly folder?: string;
  readonly sets?: readonly FamousFacts[];
  /**
   * Taken instead of the sets' own places: a folder on the web (or `file:`) that has a folder for each set, named by its
   * id. `HEATLENS_DATA_MIRROR` says which, where the own places are slow or shut off.
   */
  readonly mirror?: string | undefined;
  readonly free?: FreeSpace;
  readonly patience?: Patience;
}

/** Sets that can be fetched; what was fetched lies in the user's cache, for all projects. */
export class FamousSets {
  readonly #folder: string;
  readonly #sets: readonly FamousFacts[];
  readonly #mirror: string | undefined;
  readonly #free: FreeSpace;
  readonly #patience: Patience;

  constructor(options: FamousOptions = {}) {
    this.#folder = options.folder ?? path.join(cacheFolder(), 'data');
    this.#sets = options.sets ?? famousSets;
    this.#mirror = 'mirror' in options ? options.mirror : process.env['HEATLENS_DATA_MIRROR'];
    this.#free = options.free ?? freeSpace;
    this.#patience = options.patience ?? usual;
  }

  list(): Promise<FamousSet[]> {
    return Promise.all(
      this.#sets.map(async ({ places: _places, files, ...facts }) => {
        const folder = path.join(this.#folder, facts.id);
        const there = await Promise.all(files.map((file) => bytesOf(path.join(folder, file.name))));
        const begun = await Promise.all(files.map((file) => bytesOf(path.join(folder, `${file.name}.part`))));
        const here = files.every(({ bytes }, place) => there[place] === bytes);
        const partial = here ? 0 : sum([...there, ...begun]);
        return { ...facts, bytes: sum(files.map(({ bytes }) => bytes)), here, partial };
      }),
    );
  }

  /**
   * The files of a set, those fetched that are not here yet, each checked before it gets its name. Cancelled or failed,
   * what has come stays beside it as `.part`, and the next try goes on from there.
   * Fails: `download/offline`, `download/refused`, `download/checksum`, `file/no-space`, `file/not-writable`.
   */
  async fetch(id: FamousSet['id'], tell: Tell, signal: AbortSignal): Promise<{ name: string; files: string[] }> {
    const set = this.#sets.find((each) => each.id === id);
    if (!set) throw new AppError('data/unknown-set', `There is no famous set "${id}".`, { dataset: id });
    const folder = path.join(this.#folder, id);
    const files = set.files.map(({ name }) => path.join(folder, name));
    try {
      await mkdir(folder, { recursive: true });
      await withLock(folder, quiet(signal), (work) => this.#fetchAll(set, folder, tell, work.signal));
      return { name: set.name, files };
    } catch (thrown) {
      signal.throwIfAborted();
      throw fileFailure(downloadFailure(thrown, set, folder), folder, 'writing');
    }
  }

  async #fetchAll({ id, places, files }: FamousFacts, folder: string, tell: Tell, signal: AbortSignal): Promise<void> {
    const total = sum(files.map(({ bytes }) => bytes));
    await this.#requireSpace(folder, files);
    const from = this.#mirror === undefined ? places : [new URL(`${id}/`, withSlash(this.#mirror)).href];
    let before = 0;
    for (const file of files) {
      const start = before;
      let fetching = false; // else it is being checked, which is quick
      await this.#fetchOne(file, from, folder, {
        signal,
        begin: (stage) => (fetching = stage === 'download'),
        advance: (done) => fetching && tell(start + done, total),
      });
      before += file.bytes;
      tell(before, total);
    }
  }

  /** From the first place that answers. */
  async #fetchOne(file: FamousFile, places: readonly string[], folder: string, work: Work): Promise<void> {
    for (const [position, place] of places.entries()) {
      const wanted = {
        url: new URL(file.name, place).href,
        file: path.join(folder, file.name),
        name: file.name,
        checksum: { algorithm: 'md5', hex: file.md5 },
        mostBytes: file.bytes,
      } as const;
      try {
        return await download(wanted, work, this.#patience);
      } catch (thrown) {
        if (position === places.length - 1 || !isUnreachable(thrown)) throw thrown;
      }
    }
  }

  /** Fails: `file/no-space`. */
  async #requireSpace(folder: string, files: readonly FamousFile[]): Promise<void> {
    let needed = 0;
    for (const { name, bytes } of files) {
      const file = path.join(folder, name);
      const there = Math.max(await bytesOf(file), await bytesOf(`${file}.part`));
      needed += Math.max(0, bytes - there);
    }
    if (needed === 0) return;
    const free = await this.#free(folder);
    if (free >= needed + spare) return;
    const message = `${folder} has ${free} bytes free; ${needed + spare} are needed.`;
    throw new AppError('file/no-space', message, { file: folder, needed: needed + spare, free });
  }
}

function quiet(signal: AbortSignal): Work {
  return { signal, begin: () => undefined, advance: () => undefined };
}

async function bytesOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);
