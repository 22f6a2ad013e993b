import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError, toFailure } from '#contract/failures.ts';
import type { RunDetail, RunSummary, TrainingSettings } from '#contract/training.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { isOwn } from '#engine/model/own-networks.ts';
import type { NetworkData } from '#engine/model/spec.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { readBatches, readHistory, readRun, runFile, writeRun } from './run-files.ts';
import { changedRun, type RunChange } from './run-change.ts';
import { keepRunSpec } from './run-spec.ts';
import { runOnDisk } from './run-on-disk.ts';

export const activeStates: readonly RunSummary['state'][] = ['preparing', 'training', 'paused', 'testing'];
export const isActive = (run: RunSummary) => activeStates.includes(run.state);

/** The runs of a project: a folder each. One that cannot be read shows as failed and hides no other. */
export class RunStore {
  readonly #project: Project;
  readonly #runs = new Map<string, RunSummary>();
  /** Settles when the changes asked for so far are on disk. */
  #changes: Promise<unknown> = Promise.resolve();

  #crashed = false;

  private constructor(project: Project) {
    this.#project = project;
  }

  /** Runs that were under way when their engine ended are marked as interrupted. */
  static async open(project: Project): Promise<RunStore> {
    const store = new RunStore(project);
    const entries = await readdir(project.runsFolder, { withFileTypes: true });
    await Promise.all(entries.filter((entry) => entry.isDirectory()).map(({ name }) => store.#load(name)));
    return store;
  }

  /** A run was under way when the engine that had the project before ended. */
  get crashed(): boolean {
    return this.#crashed;
  }

  /** Newest first. */
  list(): RunSummary[] {
    return [...this.#runs.values()].sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
  }

  /** Fails: `run/unknown`. */
  get(id: string): RunSummary {
    const run = this.#runs.get(id);
    if (!run) throw new AppError('run/unknown', `There is no run "${id}" in this project.`, { run: id });
    return run;
  }

  /** Fails: `run/unknown`. */
  folder(id: string): string {
    return join(this.#project.runsFolder, this.get(id).id);
  }

  /** Fails: `run/unknown`. */
  async detail(id: string): Promise<RunDetail> {
    const run = this.get(id);
    const folder = this.folder(id);
    const [history, batches] = await Promise.all([readHistory(folder), readBatches(folder)]);
    return { ...run, history, batches, folder };
  }

  /** Makes the run's folder. Fails: `file/no-space`, `file/not-writable`. */
  async create(
    settings: TrainingSettings,
    facts: Omit<RunSummary, 'id' | 'name' | 'created' | 'settings'>,
    spec?: NetworkData,
  ): Promise<RunSummary> {
    const now = new Date();
    const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const word = settings.fineTuning && spec ? spec.id : settings.preset;
    let id = `${stamp}-${word}`;
    for (let number = 2; this.#taken(id); number++) id = `${stamp}-${word}-${number}`;
    const name =
      settings.name?.trim() || this.#freeName(settings.preset, spec ? wordFor(spec, settings) : settings.preset);
    const folder = join(this.#project.runsFolder, id);
    await mkdir(join(folder, 'checkpoints'), { recursive: true }).catch((error: unknown) => {
      throw fileFailure(error, folder, 'writing');
    });
    const run: RunSummary = { id, name, created: now.toISOString(), settings, ...facts };
    try {
      if (spec) await keepRunSpec(folder, spec);
      await writeRun(folder, run);
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined); // no run, then no folder either
      throw thrown;
    }
    this.#runs.set(id, run);
    return run;
  }

  /** One in the trash may come back. */
  #taken(id: string): boolean {
    return this.#runs.has(id) || existsSync(join(this.#project.trashFolder, 'runs', id));
  }

  /** @param word that a run's name begins with */
  #freeName(preset: string, word: string): string {
    const runs = this.list();
    const names = new Set(runs.map(({ name }) => name));
    let number = runs.filter(({ settings }) => settings.preset === preset).length + 1;
    while (names.has(`${word} ${number}`)) number += 1;
    return `${word} ${number}`;
  }

  /**
   * Changes a run, first on disk; one change after the other, so that none is lost to another made meanwhile.
   * Fails: `run/unknown`, `file/no-space`, `file/not-writable`.
   */
  change(id: string, change: RunChange): Promise<RunSummary> {
    const changed = this.#changes.then(async () => {
      const run = changedRun(this.get(id), change);
      await writeRun(this.folder(id), run);
      this.#runs.set(id, run);
      return run;
    });
    this.#changes = changed.catch(() => undefined);
    return changed;
  }

  /** The same in memory only: for what could not be written. */
  note(id: string, change: RunChange): RunSummary {
    const run = changedRun(this.get(id), change);
    this.#runs.set(id, run);
    return run;
  }

  /** Fails: `run/unknown`, `run/active`. */
  async discard(id: string): Promise<void> {
    if (isActive(this.get(id)))
      throw new AppError('run/active', `Run ${id} is still training; stop it first.`, { run: id });
    await this.#changes;
    await toTrash(this.#project, 'runs', id);
    this.#runs.delete(id);
  }

  /** Fails: `run/unknown`. */
  async restore(id: string): Promise<RunSummary> {
    if (!this.#runs.has(id)) {
      if (id !== basename(id) || id.startsWith('.'))
        throw new AppError('run/unknown', `"${id}" is no name of a run.`, { run: id });
      await fromTrash(this.#project, 'runs', id).catch(() => {
        throw new AppError('run/unknown', `There is no run "${id}" in the trash.`, { run: id });
      });
      await this.#load(id);
    }
    return this.get(id);
  }

  async #load(id: string): Promise<void> {
    const folder = join(this.#project.runsFolder, id);
    if (await removedEmpty(folder)) return;
    try {
      // A folder may have been copied or renamed by hand: its name is what tells runs apart.
      const run = { ...(await readRun(folder, id)), id };
      this.#runs.set(id, isActive(run) ? await this.#interrupted(folder, run) : run);
    } catch (thrown) {
      this.#runs.set(id, unreadable(id, runFile(folder), thrown));
    }
  }

  async #interrupted(folder: string, run: RunSummary): Promise<RunSummary> {
    this.#crashed = true;
    const ended = changedRun(run, { ...(await runOnDisk(folder)), state: 'interrupted' });
    await writeRun(folder, ended).catch(() => undefined); // a read-only disk still shows its runs
    return ended;
  }
}

/** What a run's name begins with: of a fine-tuned model its base's. */
function wordFor({ id, name }: NetworkData, { preset, fineTuning }: TrainingSettings): string {
  if (fineTuning) return name.split(', ')[0] ?? name;
  return isOwn(id) ? name : preset;
}

/** Removes the folder of a run whose engine ended while it was making it: nothing is in it, and no page has heard of it. */
async function removedEmpty(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  if (entries.some((entry) => !entry.isDirectory())) return false;
  await rm(folder, { recursive: true }).catch(() => undefined); // a read-only disk: left out all the same
  return true;
}

/** Stands for a run whose run.json is torn: named, failed, with the reason. */
function unreadable(id: string, file: string, thrown: unknown): RunSummary {
  const failure = toFailure(thrown);
  const torn = failure.code === 'internal' || failure.code === 'run/unknown';
  return {
    id,
    name: id,
    state: 'failed',
    created: '1970-01-01T00:00:00.000Z',
    settings: {
      dataset: 'mnist',
      preset: 'unknown',
      epochs: 1,
      batchSize: 1,
      optimizer: { name: 'sgd', learningRate: 0.01 },
      seed: 0,
      validation: { amount: 'none', pick: 'last' },
    },
    datasetName: '–',
    presetName: '–',
    classes: [],
    parameters: 0,
    epochsDone: 0,
    failure: torn
      ? { code: 'run/torn', message: failure.message, details: { run: id, file, reason: failure.message } }
      : { ...failure },
    revision: '',
  };
}
