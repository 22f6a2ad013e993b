import type { RunSummary } from '#contract/training.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import { BatchLoader, type LoaderParts } from '#engine/data/loader/batch-loader.ts';
import { threadsFor } from '#engine/data/loader/threads-for.ts';
import type { Cut } from '#engine/data/split.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import type { NamedValues } from '#engine/model/safetensors.ts';
import type { Pixels } from '#engine/model/pixels.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { batchSizes, type BatchSource } from './batches.ts';
import { frozenPart } from './fine-tuning/frozen-part.ts';
import { ReusedFeatures } from './fine-tuning/reused-features.ts';
import { imageWeights } from './class-weights.ts';
import type { LoopParts } from './loop.ts';
import { objectiveOf } from './objective-of.ts';
import { makeOptimizer } from './optimizers/make-optimizer.ts';
import { makeSteps, type NamedArray, type Steps } from './steps.ts';

/** The most images measured at once when the test split is. */
const testBatch = 256;
/** Batches read while a step is computed, where threads read. */
const ahead = 2;

export interface MachineryParts extends Pick<LoopParts, 'ready' | 'busy' | 'learningRate'> {
  readonly settings: RunSummary['settings'];
  readonly spec: NetworkSpec;
  readonly pixels: Pixels;
  readonly data: DataSet;
  readonly source: ImageSource;
  readonly cut: Cut;
  /** Where `cut.validation` lies; absent = in `source`. */
  readonly held?: ImageSource | undefined;
  readonly test: ImageSource | undefined;
  readonly testImages: Uint32Array;
  /** Images of a batch; no more than there are. */
  readonly size: number;
  /** Of each image of the source. */
  readonly sampleWeights: Float32Array | undefined;
  /** Weights to begin with; absent = all are drawn from the seed. */
  readonly initial?: readonly NamedValues[] | undefined;
  /** Where outputs of the network's frozen part are kept; absent = every step computes the whole network. */
  readonly featuresFolder?: string | undefined;
}

/** All that a run computes with: network, optimizer, steps and batches. */
export interface Machinery {
  readonly network: Network;
  readonly steps: Steps;
  readonly loop: LoopParts;
  /** Of the test split; null without one. */
  readonly testing: BatchSource | null;
  /** Of the network's own part of the state, and that part. */
  readonly names: ReadonlySet<string>;
  /** What has to be computed before the loop; null when steps work on images. */
  readonly features: ReusedFeatures | null;
  weights(state?: readonly NamedArray[]): NamedArray[];
  dispose(): Promise<void>;
}

/** Fails: `model/…`; nothing is left then. */
export async function buildMachinery(parts: MachineryParts): Promise<Machinery> {
  const { settings, data, source, held, cut, test, testImages, size, ready, busy, learningRate } = parts;
  const owned: { dispose(): unknown }[] = [];
  const own = <T extends { dispose(): unknown }>(made: T): T => (owned.unshift(made), made);
  const dispose = async () => {
    for (const each of owned.splice(0)) await each.dispose();
  };
  await ready();
  const built = busy('building the network');
  try {
    const images = { height: data.height, width: data.width, channels: data.channels, classes: data.classes.length };
    const network = own(networkOf(parts.spec, images, settings.seed, parts.pixels, parts.initial));
    const features = await reused(parts, network, own);
    const trainable = network.variables.filter((variable) => variable.trainable);
    const optimizer = own(makeOptimizer(settings.optimizer, trainable));
    const objective = objectiveOf(settings, network.endsIn);
    const reading = (
      from: ImageSource,
      most: number,
      ways: Pick<LoaderParts, 'weights' | 'augment'> = {},
    ): BatchSource => {
      const bytes = most * data.height * data.width * data.channels;
      const threads = threadsFor(bytes, from, ways.augment !== undefined);
      return own(new BatchLoader({ ...ways, images: data, source: from, size: most, ahead, threads }));
    };
    const weights = imageWeights(source.labels, cut.train, images.classes, settings.classWeights, parts.sampleWeights);
    const batches = (split: Split, from: ImageSource, most: number, weighted?: Float32Array) =>
      features ? own(features.batches(split, most, weighted)) : reading(from, most, { weights: weighted });
    const measured = Math.min(testBatch, testImages.length);
    const testing = test && testImages.length > 0 ? batches('test', test, measured) : null;
    const steps = own(
      makeSteps({
        network: features?.tail ?? network,
        optimizer,
        ...objective,
        features: features !== null,
        compile: settings.compile ?? true,
        sizes: {
          train: batchSizes(cut.train.length, size),
          evaluate: [
            ...batchSizes(cut.validation.length, size),
            ...(testing ? batchSizes(testImages.length, testing.size) : []),
          ],
        },
      }),
    );
    const training = features
      ? batches('train', source, size, weights)
      : reading(source, size, { weights, augment: augmentingOf(settings) });
    const names = new Set(network.variables.map(({ name }) => name));
    return {
      network,
      steps,
      testing,
      names,
      features,
      loop: {
        steps,
        metrics: objective.metrics,
        outputs: network.outputs.map(({ name }) => name),
        training,
        validating: held ? batches('validation', held, size) : weights ? batches('train', source, size) : training,
        train: cut.train,
        validation: cut.validation,
        epochs: settings.epochs,
        seed: settings.seed,
        shuffle: settings.shuffle ?? true,
        stepsPerEpoch: settings.stepsPerEpoch,
        validationSteps: settings.validationSteps,
        validationFrequency: settings.validationFrequency ?? 1,
        learningRate,
        ready,
        busy,
      },
      weights: (state = steps.state()) => state.filter(({ name }) => names.has(name)),
      dispose,
    };
  } catch (thrown) {
    await dispose();
    throw thrown;
  } finally {
    built();
  }
}

type Split = 'train' | 'validation' | 'test';

/** Outputs of the frozen part, where there is one and what the settings say allows it. */
async function reused(
  parts: MachineryParts,
  network: Network,
  own: (made: ReusedFeatures) => ReusedFeatures,
): Promise<ReusedFeatures | null> {
  const { featuresFolder: folder, settings, data, source, held, cut, test, testImages } = parts;
  if (folder === undefined || !settings.fineTuning) return null;
  const images = { height: data.height, width: data.width, channels: data.channels, classes: data.classes.length };
  const part = frozenPart(parts.spec, images, settings);
  if (typeof part === 'string') return null;
  const { validation } = cut;
  const checked = validation.subarray(
    0,
    Math.min(validation.length, (settings.validationSteps ?? Infinity) * parts.size),
  );
  const trained = held ? cut.train : joined(cut.train, checked);
  const wanted = {
    train: { source, images: trained },
    ...(held && { validation: { source: held, images: checked } }),
    ...(test && testImages.length > 0 && { test: { source: test, images: testImages } }),
  };
  const { pixels, size, ready, busy } = parts;
  const opened = await ReusedFeatures.open({ folder, network, part, pixels, data, wanted, size, ready, busy });
  return opened && own(opened);
}

function joined(first: Uint32Array, then: Uint32Array): Uint32Array {
  const all = new Uint32Array(first.length + then.length);
  all.set(first);
  all.set(then, first.length);
  return all;
}

/** Ops on the training images, if there are any. */
function augmentingOf({ augmentation, seed }: MachineryParts['settings']): LoaderParts['augment'] {
  return augmentation && augmentation.ops.length > 0 ? { settings: augmentation, seed } : undefined;
}
