import { AppError } from '#contract/failures.ts';
import type { ModelSummary } from '#contract/model.ts';
import type { TrainingSettings, TunedFrom } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import { ascending } from '#engine/data/random.ts';
import type { PixelStatistics } from '#engine/model/pixels.ts';
import { cutValidation, firstImages, type Cut } from '#engine/data/split.ts';
import { refuseWrong } from '#engine/model/placement.ts';
import { findPreset } from '#engine/model/presets.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { summaryOf } from '#engine/model/summary.ts';
import { countBatches } from './batches.ts';
import { memoryOf, type MemoryEstimate } from './memory-estimate.ts';

/** What a run will be made of. */
export interface Plan {
  readonly data: DataSet;
  readonly spec: NetworkSpec;
  readonly model: ModelSummary;
  readonly source: ImageSource;
  readonly cut: Cut;
  /** Where `cut.validation` lies: in the data set's own validation split; absent = in `source`. */
  readonly held: ImageSource | undefined;
  readonly test: ImageSource | undefined;
  readonly testImages: Uint32Array;
  readonly memory: MemoryEstimate;
  /** Of a run that is about to begin with another model's weights. */
  readonly tuned?: { readonly facts: TunedFrom; readonly statistics?: PixelStatistics | undefined } | undefined;
}

/** Kinds of layers that plain JavaScript trains in bearable time. */
const small = new Set(['Dense', 'Flatten', 'Dropout']);

/**
 * Fails: `engine/cannot-train`, `train/no-images`, `train/settings`, `model/…`.
 * @param network absent = the preset that the settings name
 */
export function planRun(
  settings: TrainingSettings,
  data: DataSet,
  { trains, name: backend }: Pick<Backend, 'name' | 'trains'>,
  network?: NetworkSpec,
): Plan {
  const spec = network ?? findPreset(settings.preset);
  const { height, width, channels, classes } = data;
  const images = { height, width, channels, classes: classes.length };
  refuseWrong(spec, images);
  const model = summaryOf(spec, images);
  if (trains === 'none' || (trains === 'small' && !model.layers.every(({ kind }) => small.has(kind)))) {
    const details = { preset: spec.name, backend };
    throw new AppError(
      'engine/cannot-train',
      `${spec.name} needs TensorFlow; this engine runs on ${backend}.`,
      details,
    );
  }
  const source = data.source('train');
  if (!source || source.count === 0) {
    const details = { dataset: data.summary.name, split: 'train', count: 0 };
    throw new AppError('train/no-images', `${data.summary.name} has no training images.`, details);
  }
  const { validation, seed, limitTrain } = settings;
  const own = validation.amount === 'none' ? data.source('validation') : undefined;
  const held = own && own.count > 0 ? own : undefined;
  const kept = cutValidation(source.labels, { validation, seed, limit: limitTrain });
  const cut = held ? { train: kept.train, validation: ascending(held.count) } : kept;
  const test = data.source('test');
  const testImages = test ? firstImages(test.labels, settings.limitTest) : new Uint32Array(0);
  const compiled = backend === 'tensorflow' && (settings.compile ?? true);
  const memory = memoryOf({ spec, model }, settings.optimizer, compiled);
  return { data, spec, model, source, cut, held, test, testImages, memory };
}

/** Steps of an epoch. */
export function stepsPerEpoch(settings: TrainingSettings, { cut }: Pick<Plan, 'cut'>): number {
  return settings.stepsPerEpoch ?? countBatches(cut.train.length, settings.batchSize);
}
