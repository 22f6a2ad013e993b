import {
  optimizerDefaults,
  trainingSettings,
  type OptimizerName,
  type OptimizerSettings,
  type TrainingSettings,
} from '#contract/training.ts';
import type { Augmentation } from '#contract/augmentation.ts';
import { learningRate as rateText } from '#ui/format.ts';
import { noAugmentation } from './augmentation.ts';
import { readTuning, tuningOf, type TuningForm } from './tuning-form.ts';
import { emptyMore, moreOf, readMore, type MoreForm, type MoreNumber } from './more-settings.ts';

/** The numbers of an optimizer that a person may change, with the range the engine takes (contract). */
export const optimizerNumbers = {
  momentum: { low: 0, high: 1, open: false },
  rho: { low: 0, high: 1, open: false },
  beta1: { low: 0, high: 1, open: false },
  beta2: { low: 0, high: 1, open: false },
  epsilon: { low: 0, high: 1, open: true },
  initialAccumulator: { low: 0, high: 100, open: false },
} as const;
export type OptimizerNumber = keyof typeof optimizerNumbers;

/** The form as it stands: fields hold what was typed, right or wrong. */
export interface SettingsForm {
  name: string;
  epochs: string;
  batchSize: string;
  optimizer: OptimizerName;
  learningRate: string;
  numbers: Partial<Record<OptimizerNumber, string>>;
  nesterov: boolean;
  centered: boolean;
  seed: string;
  holdOut: 'none' | 'fraction' | 'count';
  fraction: string;
  count: string;
  pick: 'last' | 'stratified';
  limitTrain: string;
  limitTest: string;
  /** Always right: its fields keep to their limits. */
  augmentation: Augmentation;
  more: MoreForm;
  /** Null: a network that begins with fresh weights. */
  tuning: TuningForm | null;
}

export type FormField =
  keyof SettingsForm | OptimizerNumber | MoreNumber | 'dropout' | 'unfreeze' | 'watched' | 'stopWatched';

/** What is wrong with a field: a sentence of `train.problems` and its figures. */
export interface FieldProblem {
  readonly kind: 'whole' | 'number' | 'above' | 'hold-out' | 'no-images' | 'no-validation';
  readonly values: Record<string, number>;
}

/** What the form is about: how many images there are. */
export interface Subject {
  readonly dataset: string;
  readonly preset: string;
  readonly trainImages: number;
  /** Images of its own validation split, which validates where nothing is held out. */
  readonly validationImages?: number;
}

export interface Reading {
  readonly problems: Partial<Record<FormField, FieldProblem>>;
  /** Null while there is a problem. */
  readonly settings: TrainingSettings | null;
  /** Images that train and that validate; null where a field they follow from is wrong. */
  readonly images: { readonly train: number; readonly validation: number } | null;
  readonly stepsPerEpoch: number | null;
}

/** An optimizer's numbers; those that are as Keras has them stay empty. */
export function optimizerFields(
  optimizer: OptimizerSettings,
): Pick<SettingsForm, 'optimizer' | 'learningRate' | 'numbers' | 'nesterov' | 'centered'> {
  const all = { ...optimizerDefaults[optimizer.name], ...optimizer };
  const numbers: SettingsForm['numbers'] = {};
  for (const name of Object.keys(optimizerNumbers) as OptimizerNumber[]) {
    const value = all[name];
    if (value !== undefined && value !== optimizerDefaults[optimizer.name][name]) numbers[name] = rateText(value);
  }
  return {
    optimizer: all.name,
    learningRate: rateText(all.learningRate),
    numbers,
    nesterov: all.nesterov ?? false,
    centered: all.centered ?? false,
  };
}

export function emptyForm(): SettingsForm {
  return {
    name: '',
    epochs: '10',
    batchSize: '128',
    ...optimizerFields(optimizerDefaults.adam),
    seed: '1',
    holdOut: 'fraction',
    fraction: '0.1',
    count: '5000',
    pick: 'last',
    limitTrain: '',
    limitTest: '',
    augmentation: noAugmentation,
    more: emptyMore,
    tuning: null,
  };
}

/** The form that would start a run with these settings. */
export function formOf(settings: TrainingSettings): SettingsForm {
  const { validation, limitTrain, limitTest } = settings;
  const { amount, pick } = validation;
  const kept = emptyForm();
  return {
    ...kept,
    epochs: String(settings.epochs),
    batchSize: String(settings.batchSize),
    ...optimizerFields(settings.optimizer),
    seed: String(settings.seed),
    holdOut: amount === 'none' ? 'none' : 'fraction' in amount ? 'fraction' : 'count',
    fraction: amount !== 'none' && 'fraction' in amount ? String(amount.fraction) : kept.fraction,
    count: amount !== 'none' && 'count' in amount ? String(amount.count) : kept.count,
    pick,
    limitTrain: limitTrain === undefined ? '' : String(limitTrain),
    limitTest: limitTest === undefined ? '' : String(limitTest),
    augmentation: settings.augmentation ?? noAugmentation,
    more: moreOf(settings),
    tuning: tuningOf(settings),
  };
}

/** `0.2`, `1e-3` and `20 %` are numbers; anything else is NaN. */
export function numberOf(text: string): number {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return NaN;
  return plain.endsWith('%') ? Number(plain.slice(0, -1)) / 100 : Number(plain);
}

/** Reads the form: settings for the engine, or what is wrong and where. */
export function readForm(form: SettingsForm, { dataset, preset, trainImages, validationImages = 0 }: Subject): Reading {
  const problems: Reading['problems'] = {};
  const whole = (field: FormField, text: string, low: number, high: number): number => {
    const value = numberOf(text);
    if (!Number.isInteger(value) || value < low || value > high)
      problems[field] = { kind: 'whole', values: { low, high } };
    return value;
  };
  const real = (field: FormField, text: string, low: number, high: number, open: boolean): number => {
    const value = numberOf(text);
    const inside = (open ? value > low : value >= low) && value <= high;
    if (!inside) problems[field] = { kind: open ? 'above' : 'number', values: { low, high } };
    return value;
  };
  const limit = (field: 'limitTrain' | 'limitTest') =>
    form[field].trim() === '' ? undefined : whole(field, form[field], 1, 100_000_000);

  const epochs = whole('epochs', form.epochs, 1, 100_000);
  const batchSize = whole('batchSize', form.batchSize, 1, 65_536);
  const seed = whole('seed', form.seed, 0, 2 ** 31 - 1);
  const optimizer = readOptimizer(form, real);
  const limitTrain = limit('limitTrain');
  const limitTest = limit('limitTest');
  const { decayAndClip, ...more } = readMore(
    form.more,
    { optimizer: form.optimizer, epochs: Number.isInteger(epochs) ? epochs : 100_001 },
    { whole, real },
  );

  const used = Math.min(limitTrain ?? trainImages, trainImages);
  if (trainImages === 0) problems.limitTrain = { kind: 'no-images', values: {} };
  const { amount, held } = readHoldOut(form, used, problems, whole);
  if (form.holdOut === 'none' && validationImages === 0) {
    const { schedule, watched, stopEarly, stopWatched } = form.more;
    const nothing = { kind: 'no-validation' as const, values: {} };
    if (schedule === 'plateau' && watched.startsWith('val')) problems.watched = nothing;
    if (stopEarly && stopWatched.startsWith('val')) problems.stopWatched = nothing;
  }
  const countable = !problems.limitTrain && !problems.fraction && !problems.count;
  const images = countable
    ? { train: used - held, validation: form.holdOut === 'none' ? validationImages : held }
    : null;

  const fineTuning = form.tuning && readTuning(form.tuning, { whole, real });
  const right = Object.keys(problems).length === 0;
  const name = form.name.trim();
  const settings = {
    dataset,
    preset: fineTuning?.base ?? preset,
    epochs,
    batchSize,
    optimizer: { ...optimizer, ...decayAndClip },
    seed,
    ...more,
    validation: { amount, pick: form.pick },
    ...(limitTrain === undefined ? {} : { limitTrain }),
    ...(limitTest === undefined ? {} : { limitTest }),
    ...(form.augmentation.ops.length > 0 && { augmentation: form.augmentation }),
    ...(name === '' ? {} : { name }),
    ...(fineTuning && { fineTuning }),
  };
  return {
    problems,
    settings: right ? trainingSettings.parse(settings) : null,
    images,
    stepsPerEpoch:
      images && !problems.batchSize ? (more.stepsPerEpoch ?? stepsPerEpoch(images.train, batchSize)) : null,
  };
}

/** The last batch of an epoch may be smaller; no image is left out. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.ceil(images / batchSize);
}

type ReadReal = (field: FormField, text: string, low: number, high: number, open: boolean) => number;
type ReadWhole = (field: FormField, text: string, low: number, high: number) => number;

/** Only what this optimizer has. */
function readOptimizer(form: SettingsForm, real: ReadReal): OptimizerSettings {
  const defaults = optimizerDefaults[form.optimizer];
  const optimizer: OptimizerSettings = {
    name: form.optimizer,
    learningRate: real('learningRate', form.learningRate, 0, 100, true),
  };
  for (const [name, { low, high, open }] of Object.entries(optimizerNumbers)) {
    const field = name as OptimizerNumber;
    const own = defaults[field];
    if (own === undefined) continue;
    const typed = form.numbers[field]?.trim() ?? '';
    optimizer[field] = typed === '' ? own : real(field, typed, low, high, open);
  }
  if (defaults.nesterov !== undefined) optimizer.nesterov = form.nesterov;
  if (defaults.centered !== undefined) optimizer.centered = form.centered;
  return optimizer;
}

/** As the engine counts it: Keras keeps `floor(n · (1 − fraction))` images for training (main/engine/data/split.ts). */
function readHoldOut(form: SettingsForm, used: number, problems: Reading['problems'], whole: ReadWhole) {
  if (form.holdOut === 'none') return { amount: 'none' as const, held: 0 };
  let held: number;
  let amount: { fraction: number } | { count: number };
  if (form.holdOut === 'fraction') {
    const fraction = numberOf(form.fraction);
    amount = { fraction };
    held = used - Math.floor(used * (1 - fraction));
    if (!(fraction > 0 && fraction < 1)) problems.fraction = { kind: 'above', values: { low: 0, high: 1 } };
  } else {
    const count = whole('count', form.count, 1, 10_000_000);
    amount = { count };
    held = count;
  }
  const field = form.holdOut;
  if (!problems[field] && !problems.limitTrain && (held < 1 || held >= used)) {
    problems[field] = { kind: 'hold-out', values: { held, used } };
  }
  return { amount, held };
}
