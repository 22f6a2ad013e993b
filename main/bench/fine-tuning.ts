import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { TrainingSettings } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { networkOf } from '#engine/model/network.ts';
import { resolved, type NetworkData } from '#engine/model/spec.ts';
import { frozenPart } from '#engine/training/fine-tuning/frozen-part.ts';
import { ReusedFeatures } from '#engine/training/fine-tuning/reused-features.ts';
import { tunedNetwork } from '#engine/training/fine-tuning/tuned-network.ts';
import { ImageStream } from '#engine/training/image-stream.ts';
import { objectiveOf } from '#engine/training/objective-of.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { saveRunWeights } from '#engine/training/run-network.ts';
import { makeSteps } from '#engine/training/steps.ts';
import { imagesFor } from './images.ts';
import type { Job } from './job.ts';
import { specNamed } from './spec-named.ts';
import type { Side } from './talk.ts';

const fineTuning = { base: 'base', head: 'global-average', unfreeze: 0 } as const;

/** The frozen base with a new head for the job's classes. */
export function tunedSpec({ preset, images }: Pick<Job, 'preset' | 'images'>): NetworkData {
  const spec = resolved(specNamed(preset), images);
  const classes = Array.from({ length: 1000 }, (_, index) => ({ label: String(index) }));
  const base = { spec, pixels: { kind: spec.preprocessing }, classes, weights: [] };
  return tunedNetwork(base, fineTuning, images).spec;
}

/** Epochs after the first: outputs of the frozen base are there, the head is trained, and the weights go to the disk. */
export async function tuning(job: Job): Promise<Side> {
  const { images, batch, learningRate, compile } = job;
  const network = networkOf(tunedSpec(job), images, 1);
  const part = frozenPart(network.spec, images, { fineTuning } as unknown as TrainingSettings);
  if (typeof part === 'string') throw new Error(`There are no features to be had: ${part}.`);
  const given = await imagesFor(job);
  // Read on this thread: the first epoch is not measured, and the threads' program lies elsewhere.
  const source = { count: given.count, labels: given.labels, read: given.read.bind(given) };
  const all = Uint32Array.from({ length: job.steps * batch }, (_, place) => place);
  const folder = await mkdtemp(path.join(job.folder ?? tmpdir(), 'features-'));
  await mkdir(path.join(folder, 'checkpoints'));
  const features = await ReusedFeatures.open({
    ...{ folder, network, part, size: batch },
    pixels: { kind: network.spec.preprocessing },
    data: { ...images, summary: { hash: 'bench' } } as unknown as DataSet,
    wanted: { train: { source, images: all } },
    ready: () => Promise.resolve(),
    busy: () => () => undefined,
  });
  if (!features) throw new Error('There is no room for features.');
  for await (const _ of features.compute());
  const trainable = network.variables.filter((variable) => variable.trainable);
  const optimizer = makeOptimizer({ name: 'adam', learningRate }, trainable);
  const sizes = { train: [batch], evaluate: [] };
  const objective = objectiveOf({}, network.endsIn);
  const steps = makeSteps({ network: features.tail, optimizer, ...objective, compile, sizes, features: true });
  const names = new Set(network.variables.map(({ name }) => name));
  const stream = new ImageStream(
    { source: features.batches('train', batch), images: all, seed: 1, shuffle: true },
    { pass: 1, image: 0 },
  );
  let step = 0;
  return {
    facts: { features: `${features.counted.computed} images in ${features.counted.seconds.toFixed(1)} s` },
    round: async (count) => {
      for (let done = 0; done < count; done++) {
        const { loss } = steps.train(await stream.next(), ++step, learningRate);
        if (!Number.isFinite(loss)) throw new Error(`The loss became ${loss} in step ${step}.`);
        await breathe();
      }
      await saveRunWeights(
        folder,
        steps.state().filter(({ name }) => names.has(name)),
      );
    },
  };
}
