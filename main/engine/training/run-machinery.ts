import type { RunSummary } from '#contract/training.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import { BatchLoader, type LoaderParts } from '#engine/data/loader/batch-loader.ts';
import { threadsFor } from '#engine/data/loader/threads-for.ts';
import type { Cut } from '#engine/data/split.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import type { Pixels } from '#engine/model/pixels.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { batchSizes, type BatchSource } from './batches.ts';
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
    const network = own(networkOf(parts.spec, images, settings.seed, parts.pixels));
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
    const testing = test && testImages.length > 0 ? reading(test, Math.min(testBatch, testImages.length)) : null;
    const steps = own(
      makeSteps({
        network,
        optimizer,
        ...objective,
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
    const { labels } = source;
    const weights = imageWeights(labels, cut.train, images.classes, settings.classWeights, parts.sampleWeights);
    const augment = augmentingOf(settings);
    const training = reading(source, size, { weights, augment });
    const names = new Set(network.variables.map(({ name }) => name));
    return {
      network,
      steps,
      testing,
      names,
      loop: {
        steps,
        metrics: objective.metrics,
        outputs: network.outputs.map(({ name }) => name),
        training,
        validating: held ? reading(held, size) : weights ? reading(source, size) : training,
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

/** Ops on the training images, if there are any. */
function augmentingOf({ augmentation, seed }: MachineryParts['settings']): LoaderParts['augment'] {
  return augmentation && augmentation.ops.length > 0 ? { settings: augmentation, seed } : undefined;
}
