import type { Preflight, StepMode, TrainingSettings } from '#contract/training.ts';
import { AppError } from '#contract/failures.ts';
import type { MachineMemory } from '#engine/backend/machine-memory.ts';
import { advisedBatch, fixedBytes, memoryFigures, refuseTooLarge } from './memory-estimate.ts';
import { stepsPerEpoch, type Plan } from './plan.ts';
import { findBeginning } from './fine-tuning/find-beginning.ts';
import { figuresOf, pixelStatistics } from './pixel-statistics.ts';
import { isOutOfMemory } from './run-failure.ts';
import { buildMachinery } from './run-machinery.ts';
import { pixelsOf } from './run-spec.ts';
import { readSampleWeights } from './sample-weights.ts';
import type { TrainingSurroundings } from './run-session.ts';

/** A forward pass takes about a third of a whole step: backward is two passes of the same size. */
const forwardPart = 1 / 3;
/** Images of a class below which hardly anything can be learnt. */
const imagesPerClass = 10;

export interface PreflightParts extends Pick<TrainingSurroundings, 'backend' | 'busy' | 'base'> {
  readonly settings: TrainingSettings;
  readonly plan: Plan;
  readonly memory: MachineMemory;
}

interface Tried {
  readonly seconds: number;
  readonly loss: number;
  /** Of the output that predicts, without regularizer. */
  readonly mainLoss: number;
  readonly steps: StepMode;
}

/**
 * Trains one real batch twice on a network of its own, which is thrown away: the first step warms up, the second is
 * timed. Fails: `train/out-of-memory`, `train/settings`, `file/…`, `model/…`.
 */
export async function preflight(parts: PreflightParts): Promise<Preflight> {
  const { settings, plan, memory } = parts;
  const images = plan.cut.train.length;
  const estimate = plan.memory;
  refuseTooLarge(estimate, settings.batchSize, images, memory);
  const size = Math.min(settings.batchSize, images);
  const advised = advisedBatch(estimate, memory.free, images);
  const tried = await tryBatch(parts, size).catch((thrown: unknown) => {
    if (!isOutOfMemory(thrown)) throw thrown;
    const fits = Math.min(advised, 2 ** Math.floor(Math.log2(Math.max(1, size / 2))));
    throw new AppError('train/out-of-memory', `A step with ${size} images does not fit.`, { advised: fits }, thrown);
  });
  return {
    images,
    batches: stepsPerEpoch(settings, plan),
    parameters: plan.model.parameters,
    stepSeconds: tried.seconds,
    estimate: wholeRun(settings, plan, tried.seconds / size),
    memory: memoryFigures(estimate, size, memory.free),
    advisedBatchSize: Math.max(1, advised),
    steps: tried.steps,
    loss: tried.loss,
    warnings: warningsOf(parts, fixedBytes(estimate) + estimate.image * size, tried),
  };
}

async function tryBatch({ settings, plan, backend, busy, base }: PreflightParts, size: number): Promise<Tried> {
  const { sampleWeightsFile, optimizer } = settings;
  const sampleWeights = sampleWeightsFile && (await readSampleWeights(sampleWeightsFile, plan.source.count));
  const machinery = await buildMachinery({
    ...plan,
    ...{ settings, size, busy },
    initial: (await findBeginning(settings, plan.data, base))?.weights,
    pixels: pixelsOf(plan.spec, { settings, ...(await someStatistics(settings, plan)) }),
    // One graph is enough: that of the batch that is tried.
    cut: { train: plan.cut.train.subarray(0, size), validation: new Uint32Array(0) },
    test: undefined,
    sampleWeights: sampleWeights || undefined,
    learningRate: () => optimizer.learningRate,
    ready: () => backend.use('gradients'),
  });
  try {
    const { steps, loop } = machinery;
    const batches = loop.training.batches(spread(plan.cut.train, size), 0, 1);
    const { value: batch } = await batches.next();
    if (!batch) throw new Error('There was no batch to try.');
    const step = (number: number) => {
      const done = busy('training step');
      try {
        return steps.train(batch, number, optimizer.learningRate);
      } finally {
        done();
      }
    };
    const first = step(1);
    const since = performance.now();
    step(2);
    const seconds = (performance.now() - since) / 1000;
    await batches.return();
    return { seconds, loss: first.loss, mainLoss: first.outputs[0]?.loss ?? first.loss, steps: steps.mode };
  } finally {
    await machinery.dispose();
  }
}

/** Of some images: enough for a step that is thrown away. */
async function someStatistics({ pixels }: TrainingSettings, { source, cut, data, tuned }: Plan) {
  if (pixels === undefined && tuned?.statistics) return { pixelStatistics: figuresOf(tuned.statistics) };
  if (pixels !== 'standardize') return {};
  const some = spread(cut.train, Math.min(cut.train.length, 256));
  return { pixelStatistics: await pixelStatistics(source, some, data) };
}

/** So many of them, evenly: data that is sorted by class would otherwise show one class. */
function spread(images: Uint32Array, size: number): Uint32Array {
  return Uint32Array.from({ length: size }, (_, place) => images[Math.floor((place * images.length) / size)] ?? 0);
}

/** Seconds of training and validation, without the test. @param perImage seconds of training on one image */
function wholeRun(settings: TrainingSettings, { cut }: Plan, perImage: number): number {
  const { epochs, initialEpoch = 0, batchSize, validationFrequency = 1, validationSteps = Infinity } = settings;
  const trained = settings.stepsPerEpoch ? settings.stepsPerEpoch * batchSize : cut.train.length;
  const held = Math.min(cut.validation.length, validationSteps * batchSize);
  const validated = Math.floor(epochs / validationFrequency) - Math.floor(initialEpoch / validationFrequency);
  return perImage * (Math.max(0, epochs - initialEpoch) * trained + Math.max(0, validated) * held * forwardPart);
}

function warningsOf({ settings, plan, memory }: PreflightParts, needed: number, tried: Tried): Preflight['warnings'] {
  const { labels } = plan.source;
  const { length } = plan.cut.train;
  const classes = plan.data.classes.length;
  const several = plan.cut.train.some((image) => labels[image] !== labels[plan.cut.train[0] ?? 0]);
  return [
    ...(needed > memory.free ? (['batch-too-large'] as const) : []),
    ...(needed > 0.75 * memory.free && needed <= memory.free ? (['memory-tight'] as const) : []),
    ...(isFarOff(settings, tried.mainLoss, classes) ? (['loss-far-off'] as const) : []),
    ...(tried.steps.compiled ? [] : (['steps-not-compiled'] as const)),
    ...(several ? [] : (['one-class-only'] as const)),
    ...(length < imagesPerClass * classes ? (['tiny-data'] as const) : []),
  ];
}

/**
 * An untrained network gives every class about the same chance: its cross-entropy is ln(classes). Half as much again, or
 * half of it, is far off. Other losses, and those with weights, have no such number.
 */
function isFarOff({ loss, classWeights, sampleWeightsFile }: TrainingSettings, received: number, classes: number) {
  const known = ['sparse_categorical_crossentropy', 'categorical_crossentropy'];
  if (!known.includes(loss?.name ?? 'sparse_categorical_crossentropy')) return false;
  if (classWeights !== undefined || sampleWeightsFile !== undefined || classes < 2) return false;
  const expected = Math.log(classes);
  return !(received > 0.5 * expected && received < 1.5 * expected);
}
