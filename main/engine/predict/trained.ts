import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ClassName, PhotoFit } from '#contract/models.ts';
import type { RunSummary, TrainingSettings } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import type { Models } from './models.ts';
import { weightsHash } from './weights.ts';

/** A model as those see it who measure how well it does: a run, or one of another origin. */
export interface Judgeable extends Pick<RunSummary, 'id' | 'name' | 'classes'> {
  readonly settings: Pick<TrainingSettings, 'dataset' | 'seed' | 'validation' | 'limitTest' | 'limitTrain'>;
  /** Of a model that was not trained here: it knows other data sets' classes by their names. */
  readonly named?: { readonly classes: readonly ClassName[]; readonly fit: PhotoFit };
}

/** What this room takes from those before it. */
export interface Trained {
  /** Fails: `run/unknown`, `model/unknown`. */
  summary(model: string): Promise<Judgeable>;
  /** Where its reports are kept. */
  folder(model: string): string;
  /** Changes with the weights. Fails: `run/no-weights`. */
  revision(model: string): Promise<string>;
  /** A network of its own with its weights, to be disposed of by the caller. Fails: `run/no-weights`. */
  network(model: string): Promise<Network>;
  /** Fails: `data/unknown-set`. */
  dataset(id: string): Promise<DataSet>;
  /** Settles when tensors can be computed. Fails: `engine/not-ready`. */
  ready(): Promise<void>;
}

interface Rooms {
  readonly project: { readonly folder: string };
  readonly runs: { get(id: string): RunSummary; folder(id: string): string; list(): RunSummary[] };
  readonly catalogue: { get(id: string): Promise<DataSet> };
  readonly models: Pick<Models, 'known' | 'classes' | 'portable'>;
  ready(): Promise<void>;
}

/** The rooms of one project as this room sees them. */
export function trainedIn({ project, runs, catalogue, models, ready }: Rooms): Trained {
  const isRun = (ref: string) => runs.list().some(({ id }) => id === ref);
  return {
    summary: async (ref) => {
      if (isRun(ref)) return runs.get(ref);
      const [known, classes] = await Promise.all([models.known(ref), models.classes(ref)]);
      const [id = ''] = ref.split('@');
      if (isRun(id)) return { ...runs.get(id), id: ref };
      return {
        ...{ id: ref, name: known.name, classes: classes.map(({ label }) => label) },
        settings: { dataset: '', seed: 0, validation: { amount: 'none', pick: 'last' } },
        named: { classes, fit: known.fit },
      };
    },
    folder: (ref) => (isRun(ref) ? runs.folder(ref) : join(project.folder, 'models', 'measured', ref)),
    revision: async (ref) =>
      isRun(ref) ? weightsHash(ref, runs.folder(ref)) : sha256((await models.known(ref)).revision),
    network: async (ref) => {
      if (isRun(ref)) {
        const run = runs.get(ref);
        return loadRunNetwork(run, runs.folder(ref), run.images ?? (await catalogue.get(run.settings.dataset)));
      }
      const { spec, classes, pixels, weights } = await models.portable(ref);
      const [height, width, channels] = spec.input;
      return networkOf(spec, { height, width, channels, classes: classes.length }, 0, pixels, weights);
    },
    dataset: (id) => catalogue.get(id),
    ready,
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
