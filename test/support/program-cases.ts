import type { TrainingSettings } from '#contract/training.ts';
import { presets } from '#engine/model/presets.ts';
import type { LayerSpec, NetworkSpec } from '#engine/model/spec.ts';

const net = (id: string, layers: readonly LayerSpec[], more: Partial<NetworkSpec> = {}): NetworkSpec => ({
  ...{ id, name: `Net "${id}"`, input: [28, 28, 1], preprocessing: 'divide-255', source: 'tests', layers },
  ...more,
});
const conv = { kernelSize: [3, 3], strides: [2, 2], padding: 'same', activation: 'relu' } as const;
const softmax: LayerSpec = { kind: 'Dense', name: 'answer', units: 'classes', activation: 'softmax' };

/** Without dropout, whose masks nobody else draws. */
const networks: readonly NetworkSpec[] = [
  net('program-branched', [
    { kind: 'Conv2D', name: 'stem', filters: 4, ...conv, kernelInitializer: 'he_normal' },
    { kind: 'BatchNormalization', name: 'class', momentum: 0.9, epsilon: 0.001, scale: true },
    { kind: 'DepthwiseConv2D', name: 'deep.1', depthMultiplier: 2, ...conv },
    { kind: 'Conv2D', name: 'short', inputs: ['class'], filters: 8, ...conv },
    { kind: 'Concatenate', name: 'both', inputs: ['short', 'deep.1'] },
    { kind: 'SeparableConv2D', name: 'apart', filters: 6, depthMultiplier: 1, ...conv },
    { kind: 'PReLU', name: 'prelu', alphaInitializer: 'zeros', sharedAxes: [1, 2] },
    { kind: 'MaxPooling2D', name: 'pool', poolSize: [2, 2], strides: [2, 2], padding: 'same' },
    { kind: 'Flatten', name: 'flat' },
    { kind: 'LayerNormalization', name: 'level', epsilon: 0.001, center: true, scale: true },
    softmax,
  ]),
  net(
    'program-auxiliary',
    [
      { kind: 'Conv2D', name: 'stem', filters: 4, ...conv },
      { kind: 'Conv2D', name: 'further', filters: 6, ...conv },
      { kind: 'GlobalAveragePooling2D', name: 'side_pool', inputs: ['stem'] },
      { kind: 'Dense', name: 'side', units: 'classes', activation: 'softmax' },
      { kind: 'Flatten', name: 'flat', inputs: ['further'] },
      softmax,
    ],
    { auxiliary: [{ layer: 'side', lossWeight: 0.3 }] },
  ),
  net(
    'program-colours',
    [
      { kind: 'Conv2D', name: 'stem', filters: 4, ...conv },
      { kind: 'Flatten', name: 'flat' },
      { kind: 'Dense', name: 'answer', units: 'classes', activation: 'linear' },
    ],
    { input: [8, 6, 3] },
  ),
  net('program-logits', [
    { kind: 'AveragePooling2D', name: 'pool', poolSize: [4, 4], strides: [4, 4], padding: 'valid' },
    { kind: 'Flatten', name: 'flat' },
    { kind: 'Dense', name: 'hidden', units: 12, activation: 'tanh' },
    { kind: 'Dense', name: 'answer', units: 'classes', activation: 'linear' },
  ]),
];

/** Makes the networks known by their names. */
export function addProgramNetworks(): void {
  for (const each of networks) if (!presets.includes(each)) (presets as NetworkSpec[]).push(each);
}

const base: TrainingSettings = {
  dataset: 'mnist',
  preset: 'program-logits',
  epochs: 2,
  batchSize: 20,
  optimizer: { name: 'sgd', learningRate: 0.05 },
  seed: 3,
  validation: { amount: { fraction: 0.2 }, pick: 'last' },
  limitTrain: 110,
  limitTest: 40,
};

/** Runs whose programs must lose as they do. */
export const programCases: readonly (readonly [what: string, settings: TrainingSettings])[] = [
  [
    'branches, batch normalization, L2, balanced classes, label smoothing, every metric, a warm-up',
    {
      ...base,
      preset: 'program-branched',
      optimizer: { name: 'sgd', learningRate: 0.02, momentum: 0.9, nesterov: true },
      loss: { name: 'categorical_crossentropy', labelSmoothing: 0.1 },
      regularizer: { l1: 0, l2: 0.003 },
      classWeights: 'balanced',
      metrics: ['top_3', 'top_5', 'precision', 'recall', 'auc'],
      schedule: { kind: 'exponential', epochs: 1, rate: 0.7, staircase: false, warmUpEpochs: 0.5 },
      validation: { amount: { count: 20 }, pick: 'stratified' },
    },
  ],
  [
    'auxiliary classifiers, AdamW, clipping, cosine, pixels by their statistics',
    {
      ...base,
      preset: 'program-auxiliary',
      optimizer: { name: 'adamw', learningRate: 0.01, weightDecay: 0.01, clipNorm: 0.5 },
      schedule: { kind: 'cosine', floor: 0.1 },
      pixels: 'standardize',
    },
  ],
  [
    'logits, centred RMSprop, steps, class weights, in order',
    {
      ...base,
      optimizer: { name: 'rmsprop', learningRate: 0.004, momentum: 0.5, centered: true, globalClipNorm: 1 },
      schedule: { kind: 'step', epochs: 1, factor: 0.5 },
      classWeights: [1, 2, 0.5, 1, 1, 1, 3, 1, 1, 0],
      shuffle: false,
      metrics: ['auc', 'precision'],
      pixels: 'minus-one-to-one',
    },
  ],
  [
    'Nadam, a plateau, early stopping, epochs of four batches',
    {
      ...base,
      optimizer: { name: 'nadam', learningRate: 0.01 },
      schedule: {
        ...{ kind: 'plateau', monitor: 'valLoss', factor: 0.5, patience: 1, minDelta: 10, cooldown: 0, least: 0.001 },
        warmUpEpochs: 0.5,
      },
      earlyStopping: { monitor: 'valAccuracy', patience: 5, minDelta: 0, startFrom: 1, restoreBest: false },
      stepsPerEpoch: 4,
      validationSteps: 1,
      epochs: 3,
    },
  ],
  [
    'the Huber loss of probabilities, Adagrad, L1',
    {
      ...base,
      optimizer: { name: 'adagrad', learningRate: 0.05, clipValue: 0.1 },
      loss: { name: 'huber', delta: 0.5, fromLogits: false },
      regularizer: { l1: 0.001, l2: 0.001 },
    },
  ],
  [
    'a hinge of what softmax is given, Adadelta, no images held out',
    {
      ...base,
      preset: 'program-branched',
      optimizer: { name: 'adadelta', learningRate: 1 },
      loss: { name: 'categorical_hinge', fromLogits: true },
      validation: { amount: 'none', pick: 'last' },
    },
  ],
  [
    'changes whose numbers are fixed, SGD',
    {
      ...base,
      augmentation: {
        ops: [
          { op: 'flip-left-right', probability: 1 },
          { op: 'zoom', low: 0.8, high: 0.8 },
          { op: 'contrast', low: 1.3, high: 1.3 },
          { op: 'random-crop', padding: 0 },
          { op: 'crop-and-resize', least: 1, most: 1 },
        ],
        ...{ fill: 'nearest', fillValue: 0, interpolation: 'bilinear' },
      },
    },
  ],
  [
    'binary cross-entropy, Adamax',
    {
      ...base,
      optimizer: { name: 'adamax', learningRate: 0.01 },
      loss: { name: 'binary_crossentropy', labelSmoothing: 0.2 },
    },
  ],
];
