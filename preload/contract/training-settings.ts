import { z } from 'zod';
import { augmentation } from './augmentation.ts';
import { dataSetId } from './data.ts';
import { modelRef } from './models.ts';
import { preprocessing } from './network.ts';

const whole = (low: number, high: number) => z.number().int().min(low).max(high);
const part = z.number().min(0).max(1);

/** Optimizers with Keras 3's meaning; a value left out takes Keras' default (`optimizerDefaults`). */
export const optimizerName = z.enum(['sgd', 'rmsprop', 'adagrad', 'adadelta', 'adam', 'adamw', 'adamax', 'nadam']);
export type OptimizerName = z.infer<typeof optimizerName>;

export const optimizerSettings = z.object({
  name: optimizerName,
  /** > 0. */
  learningRate: z.number().positive().max(100),
  /** SGD, RMSprop. */
  momentum: part.optional(),
  nesterov: z.boolean().optional(),
  /** RMSprop, Adadelta: decay of the running square. */
  rho: part.optional(),
  /** Adam, AdamW, Adamax, Nadam. */
  beta1: part.optional(),
  beta2: part.optional(),
  epsilon: z.number().positive().max(1).optional(),
  /** Adagrad. */
  initialAccumulator: z.number().min(0).max(100).optional(),
  /** RMSprop. */
  centered: z.boolean().optional(),
  /** Decoupled, w ← w − η·λ·w before the update, as Keras' `weight_decay`; 0 = none. */
  weightDecay: z.number().min(0).max(1).optional(),
  /** At most one of the three. Of each gradient; of each value; of all gradients together. Keras' clipnorm, clipvalue, global_clipnorm. */
  clipNorm: z.number().positive().optional(),
  clipValue: z.number().positive().optional(),
  globalClipNorm: z.number().positive().optional(),
});
export type OptimizerSettings = z.infer<typeof optimizerSettings>;

const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** keras.optimizers.* of Keras 3.15, written out. */
export const optimizerDefaults: Readonly<Record<OptimizerName, OptimizerSettings>> = {
  sgd: { name: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false },
  rmsprop: { name: 'rmsprop', learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
  adagrad: { name: 'adagrad', learningRate: 0.001, initialAccumulator: 0.1, epsilon: 1e-7 },
  adadelta: { name: 'adadelta', learningRate: 0.001, rho: 0.95, epsilon: 1e-7 },
  adam: { name: 'adam', ...adam },
  adamw: { name: 'adamw', ...adam, weightDecay: 0.004 },
  adamax: { name: 'adamax', ...adam },
  nadam: { name: 'nadam', ...adam },
};

/** Keras' names. Targets are one-hot where a loss wants vectors. */
export const lossName = z.enum([
  'sparse_categorical_crossentropy',
  'categorical_crossentropy',
  'binary_crossentropy',
  'hinge',
  'squared_hinge',
  'categorical_hinge',
  'cosine_similarity',
  'huber',
  'kl_divergence',
  'log_cosh',
  'mean_squared_error',
  'mean_absolute_error',
  'mean_absolute_percentage_error',
  'mean_squared_logarithmic_error',
  'poisson',
]);
export type LossName = z.infer<typeof lossName>;

export const lossSettings = z.object({
  name: lossName,
  /**
   * What the loss is given: the network's outputs as they are, or their probabilities (softmax). Cross-entropies of
   * probabilities are computed from the logits, as Keras does. Absent = probabilities for a network that ends in softmax,
   * logits for one that does not.
   */
  fromLogits: z.boolean().optional(),
  /** Cross-entropies but the sparse one; 0…1, Keras' label_smoothing. */
  labelSmoothing: part.optional(),
  /** Huber; 1 when absent. */
  delta: z.number().positive().optional(),
});
export type LossSettings = z.infer<typeof lossSettings>;

/** Beside loss and accuracy, which are always measured; as Keras means them, precision, recall and AUC over one-hot targets. */
export const metricName = z.enum(['top_3', 'top_5', 'precision', 'recall', 'auc']);
export type MetricName = z.infer<typeof metricName>;

export const monitorValue = z.enum(['loss', 'accuracy', 'valLoss', 'valAccuracy']);
export type Monitor = z.infer<typeof monitorValue>;

/** How the learning rate moves from the optimizer's own, η₀. Steps are batches. */
export const scheduleSettings = z.intersection(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('constant') }),
    /** η₀ · factor^⌊(epoch − 1) / epochs⌋ */
    z.object({ kind: z.literal('step'), epochs: whole(1, 100_000), factor: z.number().gt(0).max(1) }),
    /** keras ExponentialDecay over epochs, by step: η₀ · rate^(epochs gone / epochs); `staircase` floors the exponent. */
    z.object({
      kind: z.literal('exponential'),
      epochs: whole(1, 100_000),
      rate: z.number().gt(0).max(1),
      staircase: z.boolean(),
    }),
    /** keras CosineDecay, by step, from η₀ to η₀ · floor at the last epoch's end. */
    z.object({ kind: z.literal('cosine'), floor: part }),
    /** keras ReduceLROnPlateau. */
    z.object({
      kind: z.literal('plateau'),
      monitor: monitorValue,
      factor: z.number().gt(0).lt(1),
      patience: whole(1, 100_000),
      minDelta: z.number().min(0),
      cooldown: whole(0, 100_000),
      least: z.number().min(0),
    }),
  ]),
  /** Linear from 0 (reached η₀ after so many epochs) before the schedule begins; fractions allowed. */
  z.object({ warmUpEpochs: z.number().min(0).max(100_000).optional() }),
);
export type ScheduleSettings = z.infer<typeof scheduleSettings>;

/** keras EarlyStopping. */
export const earlyStoppingSettings = z.object({
  monitor: monitorValue,
  patience: whole(0, 100_000),
  minDelta: z.number().min(0),
  /** Epoch from which it counts, from 1. */
  startFrom: whole(1, 100_000),
  /** Weights of the best epoch are the run's at the end. */
  restoreBest: z.boolean(),
});
export type EarlyStoppingSettings = z.infer<typeof earlyStoppingSettings>;

/** When a checkpoint is written; whichever comes first. An epoch's end always writes one when none is given. */
export const checkpointSettings = z.object({
  everyEpochs: whole(1, 100_000).optional(),
  everyBatches: whole(1, 100_000_000).optional(),
  everyMinutes: z.number().gt(0).max(100_000).optional(),
});
export type CheckpointSettings = z.infer<typeof checkpointSettings>;

/**
 * Held out of the training split; with `none` the data set's own validation split, where it has one, validates. `last`: the last images, as
 * Keras' `validation_split`; `stratified`: seeded, by class.
 */
export const validationSettings = z.object({
  amount: z.union([
    z.object({ fraction: z.number().gt(0).lt(1) }),
    z.object({ count: whole(1, 10_000_000) }),
    z.literal('none'),
  ]),
  pick: z.enum(['last', 'stratified']),
});
export type ValidationSettings = z.infer<typeof validationSettings>;

/**
 * Training that begins with another model's weights: those of layers whose names and shapes agree. The run keeps the
 * network that comes of it; `preset` is then the base's id.
 */
export const fineTuningSettings = z.object({
  /** A model of the zoo, a model opened from a file, or a run. Where its images have another size, the base is built for the data's. */
  base: modelRef,
  /**
   * What stands in the place of its classifier: pooling of the last map (or flattening it), then a dense softmax over the
   * data's classes. `keep`: the network as it is, which needs as many classes as the data has. With another head the base
   * works as in inference, as Keras' `base(x, training=False)`: its dropout is left out. So does the frozen part with `keep`.
   */
  head: z.enum(['keep', 'global-average', 'global-max', 'flatten']),
  /** Before the dense layer; absent = none. */
  dropout: z.number().min(0).lt(1).optional(),
  /**
   * Blocks trained from the end, beside the head: 0 = the base is frozen. Batch normalization of the base stays frozen and
   * works as in inference; only `keep` with `all` trains a network as it is, and goes on with its optimizer's state where
   * the file has it and the optimizer is the same.
   */
  unfreeze: z.union([whole(0, 10_000), z.literal('all')]),
  /** Outputs of the frozen part are computed once, kept on disk and reused, where augmentation allows it. Absent = yes. */
  reuseFeatures: z.boolean().optional(),
});
export type FineTuningSettings = z.infer<typeof fineTuningSettings>;

export const trainingSettings = z.object({
  dataset: dataSetId,
  preset: z.string().max(200),
  epochs: whole(1, 100_000),
  batchSize: whole(1, 65_536),
  optimizer: optimizerSettings,
  seed: whole(0, 2 ** 31 - 1),
  validation: validationSettings,
  /** Use only the first n images of the split (the book: 1,000 and 100). Absent = all. */
  limitTrain: whole(1, 100_000_000).optional(),
  limitTest: whole(1, 100_000_000).optional(),
  name: z.string().max(200).optional(),
  /** Absent = sparse categorical cross-entropy. */
  loss: lossSettings.optional(),
  metrics: z.array(metricName).optional(),
  schedule: scheduleSettings.optional(),
  earlyStopping: earlyStoppingSettings.optional(),
  checkpoints: checkpointSettings.optional(),
  /** Loss weights of the classes: `balanced` = images / (classes · images of the class); a list has one for each class. */
  classWeights: z.union([z.literal('balanced'), z.array(z.number().min(0)).max(100_000)]).optional(),
  /** File with one number a line for each image of the training split, in its order; copied into the run. */
  sampleWeightsFile: z.string().max(4096).optional(),
  /** Added to the loss for every kernel: l1·Σ|w| + l2·Σw², as keras.regularizers.L1L2. */
  regularizer: z.object({ l1: z.number().min(0), l2: z.number().min(0) }).optional(),
  /** Absent = yes, by (seed, epoch). */
  shuffle: z.boolean().optional(),
  /** Batches of an epoch; the order goes on where the last epoch left it. Absent = all images once. */
  stepsPerEpoch: whole(1, 100_000_000).optional(),
  validationSteps: whole(1, 100_000_000).optional(),
  /** Validate every n epochs. Absent = every epoch. */
  validationFrequency: whole(1, 100_000).optional(),
  /** Epochs passed over: the first is `initialEpoch + 1`, as Keras' `initial_epoch`. */
  initialEpoch: whole(0, 100_000).optional(),
  /** Random changes to the training images, anew in every pass. Absent = none. */
  augmentation: augmentation.optional(),
  /**
   * What is done to pixels (0…255) before the first layer. `standardize`: less the mean, divided by the deviation of each
   * channel over the run's training images (ImageDataGenerator's featurewise_center and featurewise_std_normalization); the
   * figures travel with the network. Absent = the network's own.
   */
  pixels: z.enum([...preprocessing.options, 'standardize']).optional(),
  fineTuning: fineTuningSettings.optional(),
  /** Weights are kept after every n-th epoch, to look back at; the oldest but the first go when there are more than 100. Absent = none. */
  snapshotEvery: whole(1, 100_000).optional(),
  /** Steps run as TensorFlow graphs where that is possible. Absent = yes. */
  compile: z.boolean().optional(),
});
export type TrainingSettings = z.infer<typeof trainingSettings>;
