import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { networkSpec } from '#contract/network.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { findPreset } from './presets.ts';
import type { NetworkData, NetworkSpec } from './spec.ts';

/** What all ids of the user's networks begin with: no preset's does. */
const prefix = 'own-';

export const isOwn = (id: string): boolean => id.startsWith(prefix);

/** Raised when the files change their meaning. */
const networkVersion = 1;

/** The user's networks: a file each, `networks/<id>.json`. They may be wrong; what trains is checked. */
export class OwnNetworks {
  readonly #project: Project;
  readonly #networks = new Map<string, NetworkData>();
  /** Settles when the changes asked for so far are on disk. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(project: Project) {
    this.#project = project;
  }

  /** A file that cannot be read hides no other; `report` hears of it. */
  static async open(project: Project, report: (thrown: unknown) => void = () => undefined): Promise<OwnNetworks> {
    const networks = new OwnNetworks(project);
    const names = (await ifPresent(readdir(networks.#folder))) ?? [];
    const ids = names.filter((name) => isOwn(name) && name.endsWith('.json')).map((name) => name.slice(0, -5));
    await Promise.all(ids.map((id) => networks.#load(id).catch(report)));
    return networks;
  }

  /** By name. */
  list(): NetworkData[] {
    return [...this.#networks.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  }

  /** One of the user's, or a preset. Fails: `model/unknown-preset`. */
  find(id: string): NetworkSpec {
    return isOwn(id) ? this.#own(id) : findPreset(id);
  }

  /**
   * Keeps a network under this id, or as a new one; what it has in `id` does not count.
   * Fails: `model/unknown-preset` when there is none of this id, `file/…`.
   */
  save(spec: NetworkData, id?: string): Promise<NetworkData> {
    return this.#inTurn(async () => {
      if (id !== undefined) this.#own(id);
      const kept = { ...spec, id: id ?? (await this.#freeId(spec.name)) };
      await mkdir(this.#folder, { recursive: true }).catch((error: unknown) => {
        throw fileFailure(error, this.#folder, 'writing');
      });
      await writeAtomic(this.#file(kept.id), `${JSON.stringify({ version: networkVersion, ...kept }, null, 2)}\n`);
      this.#networks.set(kept.id, kept);
      return kept;
    });
  }

  /** Runs that were trained with it have a copy of their own. Fails: `model/unknown-preset`, `file/…`. */
  discard(id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#own(id);
      await toTrash(this.#project, 'networks', `${id}.json`);
      this.#networks.delete(id);
    });
  }

  /** Fails: `model/unknown-preset`. */
  restore(id: string): Promise<NetworkData> {
    return this.#inTurn(async () => {
      if (!this.#networks.has(id)) {
        if (!isOwn(id) || id !== basename(id)) throw unknown(id);
        await fromTrash(this.#project, 'networks', `${id}.json`).catch(() => {
          throw unknown(id);
        });
        await this.#load(id);
      }
      return this.#own(id);
    });
  }

  get #folder(): string {
    return join(this.#project.folder, 'networks');
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  #own(id: string): NetworkData {
    const found = this.#networks.get(id);
    if (!found) throw unknown(id);
    return found;
  }

  async #load(id: string): Promise<void> {
    // A file may have been copied or renamed by hand: its name is what tells networks apart.
    const spec = { ...networkSpec.parse(JSON.parse(await readFile(this.#file(id), 'utf8'))), id };
    this.#networks.set(id, spec);
  }

  /** Also what lies in the trash keeps its id: it may come back; so does a model whose network was discarded. */
  async #freeId(name: string): Promise<string> {
    const trash = (await ifPresent(readdir(join(this.#project.trashFolder, 'networks')))) ?? [];
    const models = (await ifPresent(readdir(join(this.#project.folder, 'models')))) ?? [];
    const given = new Set([...trash, ...models]);
    const taken = (id: string) => this.#networks.has(id) || given.has(`${id}.json`);
    return freeId(prefix, name, 'network', taken);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => undefined);
    return done;
  }
}

function unknown(id: string): AppError {
  return new AppError('model/unknown-preset', `There is no network "${id}" in this project.`, {
    preset: id,
    known: '',
  });
}

/** An id made of a name's Latin letters and digits; `word` where it has none. A number follows where it is taken. */
export function freeId(prefix: string, name: string, word: string, taken: (id: string) => boolean): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .match(/[a-z0-9]+/g);
  const first = `${prefix}${words?.join('-').slice(0, 40) ?? word}`;
  for (let number = 1; ; number++) {
    const id = number === 1 ? first : `${first}-${number}`;
    if (!taken(id)) return id;
  }
}
