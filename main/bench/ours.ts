import { setImmediate as breathe } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadBackend } from '#engine/backend/load.ts';
import { BatchLoader } from '#engine/data/loader/batch-loader.ts';
import { threadsFor } from '#engine/data/loader/threads-for.ts';
import { Inference } from '#engine/predict/inference.ts';
import { Explainer } from '#engine/explain/explainer.ts';
import { buildNetwork, networkOf } from '#engine/model/network.ts';
import { ImageStream } from '#engine/training/image-stream.ts';
import { objectiveOf } from '#engine/training/objective-of.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { makeSteps } from '#engine/training/steps.ts';
import { imagesFor } from './images.ts';
import { filming, filmStages } from './filming.ts';
import { tuning } from './fine-tuning.ts';
import { readJob, type Job } from './job.ts';
import { specNamed } from './spec-named.ts';
import { talk, type Side } from './talk.ts';

// Heatlens' own side of the bench: the parts that a run and a prediction are made of, without the wire.
/** The threads' program, of the app's build; this is `out/bench/ours.mjs`. */
const reader = fileURLToPath(new URL('../main/batch-worker.cjs', import.meta.url));

const job = readJob();
await talk(async () => {
  const backend = await loadBackend('tensorflow', { compiled: true });
  const { device, version } = backend.status();
  const facts = { tensorflow: version, device: device.name };
  if (job.work === 'start') return { facts, round: () => Promise.resolve() };
  const side = await {
    train: training,
    'fine-tune': tuning,
    explain: explaining,
    predict: prediction,
    import: prediction,
    film: filming,
    'film-stages': filmStages,
  }[job.work](job);
  return { facts: { ...facts, ...side.facts }, round: (steps) => side.round(steps) };
});

async function training(job: Job): Promise<Side> {
  const { preset, images, batch, learningRate, compile, augmentation } = job;
  const network = buildNetwork(preset, images, 1);
  const trainable = network.variables.filter((variable) => variable.trainable);
  const optimizer = makeOptimizer({ name: 'adam', learningRate }, trainable);
  const sizes = { train: [batch], evaluate: [] };
  const steps = makeSteps({ network, optimizer, ...objectiveOf({}, network.endsIn), compile, sizes });
  const source = await imagesFor(job);
  const bytes = batch * images.height * images.width * images.channels;
  const threads = threadsFor(bytes, source, augmentation !== undefined);
  const augment = augmentation && { settings: augmentation, seed: 1 };
  const loader = new BatchLoader({ images, source, size: batch, augment, ahead: 2, threads, worker: reader });
  const all = Uint32Array.from({ length: source.count - (source.count % batch) }, (_, place) => place);
  const stream = new ImageStream({ source: loader, images: all, seed: 1, shuffle: true }, { pass: 1, image: 0 });
  let step = 0;
  const { mode } = steps;
  return {
    facts: { steps: mode.compiled ? 'compiled' : `not compiled (${mode.reason})` },
    round: async (count) => {
      for (let done = 0; done < count; done++) {
        const { loss } = steps.train(await stream.next(), ++step, learningRate);
        if (!Number.isFinite(loss)) throw new Error(`The loss became ${loss} in step ${step}.`);
        await breathe(); // as the training loop does
      }
    },
  };
}

async function prediction(job: Job): Promise<Side> {
  const { preset, images, batch } = job;
  const inference = new Inference(buildNetwork(preset, images, 1));
  const source = await imagesFor({ ...job, steps: 1 });
  const pixels = new Uint8Array(batch * images.height * images.width * images.channels);
  source.read(
    Array.from({ length: batch }, (_, place) => place),
    pixels,
  );
  inference.logits(pixels, batch);
  return {
    facts: { predictions: inference.mode.compiled ? 'compiled' : 'not compiled' },
    round: async (steps) => {
      for (let done = 0; done < steps; done++) {
        inference.logits(pixels, batch);
        await breathe();
      }
    },
  };
}

/** Grad-CAM of the most probable class of each picture, at the layer chosen by itself. */
async function explaining(job: Job): Promise<Side> {
  const { preset, images, batch } = job;
  const explainer = new Explainer(networkOf(specNamed(preset), images, 1));
  const source = await imagesFor({ ...job, steps: 1 });
  const pixels = new Uint8Array(batch * images.height * images.width * images.channels);
  source.read(
    Array.from({ length: batch }, (_, place) => place),
    pixels,
  );
  const classes = new Array<null>(batch).fill(null);
  explainer.heatMaps(pixels, classes, { method: 'grad-cam' });
  return {
    facts: { layer: explainer.chosen?.name ?? '' },
    round: async (steps) => {
      for (let done = 0; done < steps; done++) {
        explainer.heatMaps(pixels, classes, { method: 'grad-cam' });
        await breathe();
      }
    },
  };
}
