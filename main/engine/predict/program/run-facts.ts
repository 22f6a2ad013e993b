import { AppError } from '#contract/failures.ts';
import type { KnownModel, ProgramOptions } from '#contract/models.ts';
import type { RunSummary } from '#contract/training.ts';
import type { ImageSource } from '#engine/data/data-set.ts';
import type { OpenedSet } from '#engine/data/opened-set.ts';
import { ascending } from '#engine/data/random.ts';
import { cutValidation } from '#engine/data/split.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { balanced } from '#engine/training/class-weights.ts';
import type { FindBase } from '#engine/training/fine-tuning/find-beginning.ts';
import { firstImages } from '#engine/data/split.ts';
import { keptSampleWeights } from '#engine/training/sample-weights.ts';
import type { Models } from '../models.ts';

/** What this takes from the rooms of a project. */
export interface ProgramParts {
  readonly models: Pick<Models, 'known' | 'portable' | 'use'>;
  readonly runs: { get(id: string): RunSummary; list(): readonly RunSummary[]; folder(id: string): string };
  /** Fails: `data/unknown-set`, and what opening one may. */
  dataset(id: string): Promise<OpenedSet>;
  readonly base: FindBase;
  /** Settles when tensors can be computed. Fails: `engine/not-ready`. */
  ready(): Promise<void>;
}

/** Images of a split that the run uses, in their order. */
export interface SplitFacts {
  readonly name: 'train' | 'validation' | 'test';
  /** Of the data set, in which `places` are. */
  readonly of: 'train' | 'validation' | 'test';
  readonly source: ImageSource;
  readonly places: Uint32Array;
  /** How much the loss of each counts, beside the weight of its class; absent = 1. */
  readonly weights?: Float32Array | undefined;
}

/** A run and all that its program is made of. */
export interface RunFacts {
  readonly run: RunSummary;
  readonly known: KnownModel;
  readonly model: PortableModel;
  readonly folder: string;
  readonly data: OpenedSet;
  readonly splits: readonly SplitFacts[];
  readonly batchSize: number;
  readonly classWeights: readonly number[] | undefined;
  readonly endsIn: 'softmax' | 'linear';
}

/** Fails: `model/no-program` for what is no run, or where its images are gone or others; `run/…`, `data/…`. */
export async function runFacts(
  { models, runs, dataset }: ProgramParts,
  { model: ref, dataset: other }: Pick<ProgramOptions, 'model' | 'dataset'>,
): Promise<RunFacts> {
  const [id = ''] = ref.split('@');
  const known = await models.known(ref);
  if (!runs.list().some((each) => each.id === id))
    throw noProgram(known.name, 'it is no run, so nobody knows how it is trained');
  const run = runs.get(id);
  const { settings } = run;
  const model = await models.portable(ref);
  const data = await dataset(other ?? settings.dataset);
  const [height, width, channels] = model.spec.input;
  if (data.height !== height || data.width !== width || data.channels !== channels) {
    const sizes = `${data.height}×${data.width}×${data.channels}, no longer ${height}×${width}×${channels}`;
    throw noProgram(run.name, `images of ${data.summary.name} are ${sizes}`);
  }
  if (data.classes.join('\n') !== run.classes.join('\n')) {
    throw noProgram(run.name, `the classes of ${data.summary.name} are others than those it was trained on`);
  }
  const source = data.source('train');
  if (!source || source.count === 0) throw noProgram(run.name, `${data.summary.name} has no training images`);
  const { validation, seed, limitTrain: limit } = settings;
  const own = validation.amount === 'none' ? data.source('validation') : undefined;
  const cut = cutValidation(source.labels, { validation, seed, limit });
  const held = own && own.count > 0 ? ascending(own.count) : cut.validation;
  const test = data.source('test');
  const tested = test ? firstImages(test.labels, settings.limitTest) : new Uint32Array(0);
  const folder = runs.folder(id);
  const weights = settings.sampleWeightsFile === undefined ? undefined : await keptSampleWeights(folder, source.count);
  const splits: SplitFacts[] = [
    {
      ...{ name: 'train', of: 'train', source, places: cut.train },
      weights: weights && Float32Array.from(cut.train, (place) => weights[place] ?? 1),
    },
  ];
  if (held.length > 0) {
    const from = own && own.count > 0 ? { of: 'validation' as const, source: own } : { of: 'train' as const, source };
    splits.push({ name: 'validation', ...from, places: held });
  }
  if (test && tested.length > 0) splits.push({ name: 'test', of: 'test', source: test, places: tested });
  const last = model.spec.layers.at(-1);
  return {
    ...{ run, known, model, folder, data, splits, batchSize: run.batchSize ?? settings.batchSize },
    classWeights:
      settings.classWeights === 'balanced'
        ? balanced(source.labels, cut.train, data.classes.length)
        : settings.classWeights,
    endsIn: last && 'activation' in last && last.activation === 'softmax' ? 'softmax' : 'linear',
  };
}

export function noProgram(name: string, reason: string): AppError {
  return new AppError('model/no-program', `${name} cannot be written as a program: ${reason}.`, { name, reason });
}
