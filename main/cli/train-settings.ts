import type { OptimizerName, TrainingSettings, ValidationSettings } from '#contract/training.ts';
import { optimizerDefaults } from '#contract/training.ts';
import type { CommonOptions } from './task.ts';

export interface TrainOptions extends CommonOptions {
  readonly data: string[];
  readonly preset: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly learningRate?: number;
  readonly seed: number;
  readonly validationSplit?: number;
  readonly validationCount?: number;
  readonly validationPick: ValidationSettings['pick'];
  readonly limitTrain?: number;
  readonly limitTest?: number;
  readonly name?: string;
  readonly out?: string;
}

/** What was asked for as the engine takes it; whatever is left out has Keras' default. */
export function settingsFrom(options: TrainOptions, dataset: string): TrainingSettings {
  const { preset, epochs, batchSize, seed, learningRate, limitTrain, limitTest, name } = options;
  const optimizer = {
    ...optimizerDefaults[options.optimizer],
    ...(learningRate === undefined ? {} : { learningRate }),
  };
  return {
    dataset,
    preset,
    epochs,
    batchSize,
    optimizer,
    seed,
    validation: { amount: heldOut(options), pick: options.validationPick },
    ...(limitTrain === undefined ? {} : { limitTrain }),
    ...(limitTest === undefined ? {} : { limitTest }),
    ...(name === undefined ? {} : { name }),
  };
}

function heldOut({ validationSplit, validationCount }: TrainOptions): ValidationSettings['amount'] {
  if (validationCount !== undefined) return { count: validationCount };
  return validationSplit === undefined ? 'none' : { fraction: validationSplit };
}
