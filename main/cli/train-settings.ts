import path from 'node:path';
import type {
  CheckpointSettings,
  LossName,
  MetricName,
  OptimizerName,
  OptimizerSettings,
  ScheduleSettings,
  TrainingSettings,
  ValidationSettings,
} from '#contract/training.ts';
import type { Augmentation } from '#contract/augmentation.ts';
import type { DataSetSummary } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { optimizerDefaults } from '#contract/training.ts';
import type { ImportTexts } from './import-options.ts';
import type { ClassWeightsText, EarlyStoppingText } from './setting-texts.ts';
import type { CommonOptions } from './task.ts';

type OptimizerOptions = { readonly [Name in Exclude<keyof OptimizerSettings, 'name'>]?: OptimizerSettings[Name] };

/** What the training options give; names as the contract has them where it has one. */
export interface TrainOptions extends CommonOptions, ImportTexts, OptimizerOptions {
  readonly data?: string[];
  readonly preset: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly seed: number;
  readonly validationSplit?: number;
  readonly validationCount?: number;
  readonly validationPick?: ValidationSettings['pick'];
  readonly limitTrain?: number;
  readonly limitTest?: number;
  readonly name?: string;
  readonly loss?: LossName;
  readonly fromLogits?: boolean;
  readonly labelSmoothing?: number;
  readonly delta?: number;
  readonly metrics?: MetricName[];
  readonly schedule?: ScheduleSettings;
  readonly warmUp?: number;
  readonly earlyStopping?: EarlyStoppingText;
  readonly checkpointEvery?: CheckpointSettings;
  readonly classWeight?: ClassWeightsText;
  readonly sampleWeights?: string;
  readonly l1?: number;
  readonly l2?: number;
  readonly shuffle: boolean;
  readonly compile: boolean;
  readonly augment?: Augmentation;
  readonly pixels?: NonNullable<TrainingSettings['pixels']>;
  readonly stepsPerEpoch?: number;
  readonly validationSteps?: number;
  readonly validationFrequency?: number;
  readonly initialEpoch?: number;
  readonly snapshotEvery?: number;
}

const optimizerFields = [
  ...['learningRate', 'momentum', 'nesterov', 'rho', 'beta1', 'beta2', 'epsilon', 'initialAccumulator'],
  ...['centered', 'weightDecay', 'clipNorm', 'clipValue', 'globalClipNorm'],
];
const sameName = [
  ...['limitTrain', 'limitTest', 'name', 'metrics', 'pixels'],
  ...['stepsPerEpoch', 'validationSteps', 'validationFrequency', 'initialEpoch', 'snapshotEvery'],
];

/** What was asked for as the engine takes it; whatever is left out has Keras' default. Fails: `train/settings`. */
export function settingsFrom(options: TrainOptions, data: DataSetSummary): TrainingSettings {
  const { preset, epochs, batchSize, seed, loss, l1, l2, shuffle, compile } = options;
  const amount = heldOut(options);
  const lossOptions = given(options, ['fromLogits', 'labelSmoothing', 'delta']);
  const saysLoss = loss !== undefined || Object.keys(lossOptions).length > 0;
  const watched = amount === 'none' ? 'loss' : 'valLoss';
  const optional = {
    loss: saysLoss ? { name: loss ?? 'sparse_categorical_crossentropy', ...lossOptions } : undefined,
    schedule: scheduleOf(options),
    earlyStopping: options.earlyStopping && { monitor: watched, ...options.earlyStopping },
    checkpoints: options.checkpointEvery,
    classWeights: options.classWeight && weightsByClass(options.classWeight, data.classes),
    sampleWeightsFile: options.sampleWeights && path.resolve(options.sampleWeights),
    regularizer: l1 === undefined && l2 === undefined ? undefined : { l1: l1 ?? 0, l2: l2 ?? 0 },
    shuffle: shuffle ? undefined : false,
    compile: compile ? undefined : false,
    augmentation: options.augment,
  };
  return {
    ...{ dataset: data.id, preset, epochs, batchSize, seed },
    optimizer: { ...optimizerDefaults[options.optimizer], ...given(options, optimizerFields) },
    validation: { amount, pick: options.validationPick ?? usualPick(data) },
    ...given(options, sameName),
    ...given(optional, Object.keys(optional)),
  };
}

/** Images of folders come class after class: the last would all be of the last class. */
function usualPick({ kind }: DataSetSummary): ValidationSettings['pick'] {
  return kind === 'folder' || kind === 'archive' ? 'stratified' : 'last';
}

/** The fields that say something. */
function given(options: object, names: readonly string[]): object {
  const entries = Object.entries(options) as [string, unknown][];
  return Object.fromEntries(entries.filter(([name, value]) => value !== undefined && names.includes(name)));
}

function heldOut({ validationSplit, validationCount }: TrainOptions): ValidationSettings['amount'] {
  if (validationCount !== undefined) return { count: validationCount };
  return validationSplit === undefined ? 'none' : { fraction: validationSplit };
}

function scheduleOf({ schedule, warmUp }: TrainOptions): ScheduleSettings | undefined {
  if (warmUp === undefined) return schedule;
  return { ...(schedule ?? { kind: 'constant' }), warmUpEpochs: warmUp };
}

function weightsByClass(weights: ClassWeightsText, classes: readonly string[]): 'balanced' | number[] {
  if (weights === 'balanced') return weights;
  const byClass = new Array<number>(classes.length).fill(1);
  if (Array.isArray(weights) && weights.length !== classes.length) {
    throw unfitWeights(`${classes.length} weights were expected, one for each class; received ${weights.length}`);
  }
  for (const [name, weight] of Object.entries(weights)) {
    const named = Array.isArray(weights) ? -1 : classes.indexOf(name);
    const place = named >= 0 ? named : Number(name);
    if (!(place in byClass)) throw unfitWeights(`there is no class "${name}" among ${classes.join(', ')}`);
    byClass[place] = weight as number;
  }
  return byClass;
}

function unfitWeights(problem: string): AppError {
  return new AppError('train/settings', `--class-weight: ${problem}.`, { field: '--class-weight', problem });
}
