import {
  lossName,
  optimizerDefaults,
  optimizerName,
  optimizerSettings,
  type LossName,
  type LossSettings,
  type OptimizerSettings,
} from '#contract/training-settings.ts';
import { kerasOptimizers } from './optimizer-slots.ts';

/** How a file of Keras names an object: of a class with arguments. */
export interface KerasObject {
  readonly module?: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly registered_name?: null;
}

/** Our settings by Keras' names of the arguments. */
const optimizerArguments = {
  momentum: 'momentum',
  nesterov: 'nesterov',
  rho: 'rho',
  beta1: 'beta_1',
  beta2: 'beta_2',
  epsilon: 'epsilon',
  initialAccumulator: 'initial_accumulator_value',
  centered: 'centered',
} as const satisfies Partial<Record<keyof OptimizerSettings, string>>;

/** For every optimizer; absent in ours = null in Keras'. */
const sharedArguments = {
  weightDecay: 'weight_decay',
  clipNorm: 'clipnorm',
  globalClipNorm: 'global_clipnorm',
  clipValue: 'clipvalue',
} as const satisfies Partial<Record<keyof OptimizerSettings, string>>;

export function optimizerConfig(settings: OptimizerSettings): KerasObject {
  const chosen = { ...optimizerDefaults[settings.name], ...defined(settings) };
  const { className, name } = kerasOptimizers[chosen.name];
  const taken = Object.keys(optimizerDefaults[chosen.name]);
  const own = Object.entries(optimizerArguments)
    .filter(([ours]) => taken.includes(ours))
    .map(([ours, keras]) => [keras, chosen[ours as keyof typeof optimizerArguments]]);
  const shared = Object.entries(sharedArguments).map(([ours, keras]) => [
    keras,
    // A decay of zero is none, but AdamW refuses to have none.
    chosen[ours as keyof typeof sharedArguments] || (keras === 'weight_decay' && chosen.name === 'adamw' ? 0 : null),
  ]);
  return {
    ...{ module: 'keras.optimizers', class_name: className, registered_name: null },
    config: {
      ...{ name, learning_rate: chosen.learningRate, ...Object.fromEntries(shared) },
      ...{ use_ema: false, ema_momentum: 0.99, ema_overwrite_frequency: null },
      ...{ loss_scale_factor: null, gradient_accumulation_steps: null },
      ...Object.fromEntries(own),
      ...((chosen.name === 'adam' || chosen.name === 'adamw') && { amsgrad: false }),
    },
  };
}

/** An optimizer of a file in our terms, and what of it we do not have, in words; null where we have nothing like it. */
export function optimizerFrom({ class_name: className, config }: KerasObject): {
  settings: OptimizerSettings;
  notes: string[];
} | null {
  const name = optimizerName.options.find((each) => kerasOptimizers[each].className === className);
  if (!name) return null;
  const notes: string[] = [];
  const rate = config['learning_rate'];
  if (typeof rate !== 'number') notes.push('The learning-rate schedule is not taken over.');
  if (config['amsgrad'] === true) notes.push('AMSGrad is not taken over.');
  if (config['use_ema'] === true) notes.push('The moving average of weights is not taken over.');
  if (Number(config['gradient_accumulation_steps'] ?? 0) > 1) notes.push('Gradient accumulation is not taken over.');
  const taken = Object.keys(optimizerDefaults[name]);
  const found = Object.entries({ ...optimizerArguments, ...sharedArguments })
    .filter(([ours]) => ours in sharedArguments || taken.includes(ours))
    .flatMap(([ours, keras]) => (config[keras] === undefined || config[keras] === null ? [] : [[ours, config[keras]]]));
  const settings = optimizerSettings.safeParse({
    ...optimizerDefaults[name],
    ...(name === 'adamw' && config['weight_decay'] === null && { weightDecay: 0 }),
    ...(typeof rate === 'number' && { learningRate: rate }),
    ...Object.fromEntries(found),
  });
  return settings.success ? { settings: settings.data, notes } : null;
}

/** Classes of keras.losses. */
const lossClasses: Readonly<Record<LossName, string>> = {
  sparse_categorical_crossentropy: 'SparseCategoricalCrossentropy',
  categorical_crossentropy: 'CategoricalCrossentropy',
  binary_crossentropy: 'BinaryCrossentropy',
  hinge: 'Hinge',
  squared_hinge: 'SquaredHinge',
  categorical_hinge: 'CategoricalHinge',
  cosine_similarity: 'CosineSimilarity',
  huber: 'Huber',
  kl_divergence: 'KLDivergence',
  log_cosh: 'LogCosh',
  mean_squared_error: 'MeanSquaredError',
  mean_absolute_error: 'MeanAbsoluteError',
  mean_absolute_percentage_error: 'MeanAbsolutePercentageError',
  mean_squared_logarithmic_error: 'MeanSquaredLogarithmicError',
  poisson: 'Poisson',
};
const withLogits: readonly LossName[] = [
  'sparse_categorical_crossentropy',
  'categorical_crossentropy',
  'binary_crossentropy',
];
const withSmoothing: readonly LossName[] = ['categorical_crossentropy', 'binary_crossentropy'];

/** @param endsIn what the file's network gives; a network with logits has a loss of logits */
export function lossConfig(loss: LossSettings, endsIn: 'softmax' | 'linear'): KerasObject {
  const { name, labelSmoothing = 0, delta } = loss;
  return {
    ...{ module: 'keras.losses', class_name: lossClasses[name], registered_name: null },
    config: {
      ...{ name, reduction: 'sum_over_batch_size' },
      ...(withLogits.includes(name) && { from_logits: endsIn === 'linear' }),
      ...(withSmoothing.includes(name) && { label_smoothing: labelSmoothing, axis: -1 }),
      ...(name === 'huber' && { delta: delta ?? 1 }),
    },
  };
}

/** A loss of a file in our terms: by name, as a class, or null where there is none, or none that we have. */
export function lossFrom(loss: unknown): LossSettings | null {
  if (typeof loss === 'string') {
    const found = lossName.safeParse(loss);
    return found.success ? { name: found.data } : null;
  }
  if (typeof loss !== 'object' || loss === null || !('class_name' in loss)) return null;
  const { class_name: className, config } = loss as KerasObject;
  const name = lossName.options.find((each) => lossClasses[each] === className);
  if (!name) return null;
  const { label_smoothing: smoothing, delta, from_logits: fromLogits } = config ?? {};
  return {
    name,
    ...(typeof fromLogits === 'boolean' && { fromLogits }),
    ...(typeof smoothing === 'number' && smoothing > 0 && { labelSmoothing: smoothing }),
    ...(typeof delta === 'number' && delta !== 1 && { delta }),
  };
}

/** `compile_config` of a .keras file; `training_config` of an .h5 file has the optimizer under another name. */
export function compileConfig(
  optimizer: OptimizerSettings,
  loss: LossSettings = { name: 'sparse_categorical_crossentropy' },
  endsIn: 'softmax' | 'linear' = 'softmax',
) {
  return {
    optimizer: optimizerConfig(optimizer),
    ...{ loss: lossConfig(loss, endsIn), loss_weights: null, metrics: ['accuracy'], weighted_metrics: null },
    ...{ run_eagerly: false, steps_per_execution: 1, jit_compile: false },
  };
}

const defined = <T extends object>(from: T): Partial<T> =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as Partial<T>;
