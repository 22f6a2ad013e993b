import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { augmentation, type Augmentation } from '#contract/augmentation.ts';
import {
  checkpointSettings,
  earlyStoppingSettings,
  metricName,
  monitorValue,
  scheduleSettings,
  type CheckpointSettings,
  type MetricName,
  type Monitor,
  type ScheduleSettings,
  type SweepAxis,
} from '#contract/training.ts';
import { checked, namedValues, number, yesNo, type NamedValues } from './named-values.ts';

/** `valLoss`; Keras' `val_loss` is understood as well. */
function monitor(text: string): Monitor {
  const found = monitorValue.safeParse(text.replace(/[-_](\w)/, (_, letter: string) => letter.toUpperCase()));
  if (found.success) return found.data;
  throw new InvalidArgumentError(`expected ${monitorValue.options.join(', ')}, not "${text}".`);
}

/** What is left out is what Keras has. */
const schedules: Readonly<Record<string, NamedValues>> = {
  constant: {},
  step: { epochs: { field: 'epochs', read: number }, factor: { field: 'factor', read: number } },
  exponential: {
    rate: { field: 'rate', read: number },
    epochs: { field: 'epochs', read: number, otherwise: 1 },
    staircase: { field: 'staircase', read: yesNo, otherwise: false },
  },
  cosine: { floor: { field: 'floor', read: number, otherwise: 0 } },
  plateau: {
    monitor: { field: 'monitor', read: monitor, otherwise: 'valLoss' },
    factor: { field: 'factor', read: number, otherwise: 0.1 },
    patience: { field: 'patience', read: number, otherwise: 10 },
    'min-delta': { field: 'minDelta', read: number, otherwise: 1e-4 },
    cooldown: { field: 'cooldown', read: number, otherwise: 0 },
    least: { field: 'least', read: number, otherwise: 0 },
  },
};

/** `cosine`, `step:epochs=10,factor=0.5`, … */
export function schedule(text: string): ScheduleSettings {
  const [kind = '', ...rest] = text.split(':');
  const known = Object.hasOwn(schedules, kind) ? schedules[kind] : undefined;
  if (!known)
    throw new InvalidArgumentError(`Expected one of ${Object.keys(schedules).join(', ')}; received "${kind}".`);
  return checked(scheduleSettings, { kind, ...namedValues(rest.join(':'), known) }, known);
}

const stopping: NamedValues = {
  patience: { field: 'patience', read: number, otherwise: 0 },
  // Which one fits is known once it is known whether images are held out.
  monitor: { field: 'monitor', read: monitor, otherwise: 'held-out' },
  'min-delta': { field: 'minDelta', read: number, otherwise: 0 },
  'start-from': { field: 'startFrom', read: number, otherwise: 1 },
  'restore-best': { field: 'restoreBest', read: yesNo, otherwise: false },
};

export type EarlyStoppingText = ReturnType<typeof earlyStopping>;

/** `5`, or `patience=5,monitor=valLoss,…`. `monitor` is absent where nothing was said. */
export function earlyStopping(text: string) {
  const { monitor: watched, ...rest } = namedValues(/^\d+$/.test(text) ? `patience=${text}` : text, stopping);
  const settings = checked(earlyStoppingSettings.omit({ monitor: true }), rest, stopping);
  return { ...settings, ...(watched === 'held-out' ? {} : { monitor: watched as Monitor }) };
}

const paces = { epoch: 'everyEpochs', batch: 'everyBatches', minute: 'everyMinutes' } as const;

/** `5epochs`, `100batches`, `10minutes`; several with commas. */
export function checkpointEvery(text: string): CheckpointSettings {
  const every: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, count = '', unit] = /^\s*([\d.]+)\s*(epoch|batch|minute)(?:e?s)?\s*$/.exec(part) ?? [];
    if (!unit) throw new InvalidArgumentError(`Expected 5epochs, 100batches or 10minutes; received "${part}".`);
    every[paces[unit as keyof typeof paces]] = number(count);
  }
  return checked(checkpointSettings, every);
}

/** By class; or by the class' index or name, as Keras has it, where a class that is not named has 1. */
export type ClassWeightsText = 'balanced' | readonly number[] | Readonly<Record<string, number>>;

/** `balanced`, `[1, 2, …]` or `{"cat": 2}`. */
export function classWeights(text: string): ClassWeightsText {
  if (text === 'balanced') return text;
  const expected = 'Expected `balanced`, a JSON list of numbers, or a JSON object of class and number';
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  const fits = typeof found === 'object' && found !== null;
  if (!fits) throw new InvalidArgumentError(`${expected}; received "${text}".`);
  const wrong = Object.values(found as object).find((weight) => typeof weight !== 'number' || !(weight >= 0));
  if (wrong !== undefined) throw new InvalidArgumentError(`${expected}; a weight is ${JSON.stringify(wrong)}.`);
  return found as Exclude<ClassWeightsText, 'balanced'>;
}

/** The contract's augmentation as JSON, its list of ops alone, or the name of a file with either. */
export function augmentationText(text: string): Augmentation {
  const json = /^\s*[[{]/.test(text) ? text : readText(text);
  let found: unknown;
  try {
    found = JSON.parse(json);
  } catch (thrown) {
    throw new InvalidArgumentError(`Expected JSON, or a file of it: ${(thrown as Error).message}.`);
  }
  return checked(augmentation, Array.isArray(found) ? { ops: found } : found);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new InvalidArgumentError(`Expected JSON, or a file of it; there is no file "${file}" that can be read.`);
  }
}

/** `top_5,auc`. */
export function metrics(text: string, before: readonly MetricName[] = []): MetricName[] {
  const names = text.split(',').map((name) => {
    const found = metricName.safeParse(name.trim().replaceAll('-', '_'));
    if (found.success) return found.data;
    throw new InvalidArgumentError(`Expected some of ${metricName.options.join(', ')}; received "${name}".`);
  });
  return [...new Set([...before, ...names])];
}

/** `optimizer.learningRate=0.1,0.01`: one axis of a sweep. */
export function axis(text: string, before: readonly SweepAxis[] = []): SweepAxis[] {
  const [, setting, list = ''] = /^([A-Za-z][\w.]*)=(.+)$/.exec(text.trim()) ?? [];
  const values = list.split(',').map((value) => value.trim());
  if (!setting || values.includes('')) {
    throw new InvalidArgumentError(`Expected SETTING=VALUE,VALUE as in batchSize=32,128; received "${text}".`);
  }
  if (before.some((other) => other.setting === setting)) {
    throw new InvalidArgumentError(`${setting} is there twice; give it all its values at once.`);
  }
  return [...before, { setting, values: values.map((value) => (Number.isNaN(Number(value)) ? value : Number(value))) }];
}
