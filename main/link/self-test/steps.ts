import { basename, dirname, join } from 'node:path';
import type { Engine } from '#contract/engine.ts';
import { AppError } from '#contract/failures.ts';
import { optimizerDefaults } from '#contract/training.ts';

/** What one step found out; a step that cannot be taken on this machine says why. */
export type Findings = Readonly<Record<string, unknown>>;

/** Each asks the engine as the window does, in this order. */
export const steps: Readonly<Record<string, (engine: Engine) => Promise<Findings>>> = {
  engine: async (engine) => {
    const { backend, version, device, compiled, trains, node, notes } = await engine.engine.status();
    return {
      backend,
      version,
      device: `${device.kind}: ${device.name}`,
      compiled,
      trains,
      node,
      notes: notes.map(({ code }) => code),
    };
  },
  train,
  predict: async (engine) => {
    const { top, milliseconds } = await engine.prediction.picture({ model, picture: await cat(engine), top: 3 });
    expect(/cat|tabby|lynx/i.test(top[0]?.label ?? ''), 'a cat on top', top[0]?.label);
    return {
      model,
      top: top.map(({ label, probability }) => ({ label, probability })),
      milliseconds: milliseconds.whole,
    };
  },
  explain: async (engine) => {
    const asked = { model, picture: await cat(engine), method: 'grad-cam' } as const;
    const { method, class: of, layer, map, maximum, milliseconds } = await engine.explain.map(asked);
    const hottest = Math.max(...new Float32Array(Uint8Array.from(Buffer.from(map.values, 'base64')).buffer));
    expect(hottest > 0.99, 'heat divided by its largest value', hottest);
    return { method, class: of.label, layer: layer?.name, size: `${map.height}×${map.width}`, maximum, milliseconds };
  },
  film,
};

/** Comes with the app. */
const model = 'efficientnet-lite0';

/** Two classes of 24 images, three steps of eight. */
async function train(engine: Engine): Promise<Findings> {
  const [sample] = await engine.data.samples();
  expect(sample !== undefined, 'a data set that comes with the app', undefined);
  const data = await engine.data.open({ paths: [sample?.path ?? ''] });
  const { id } = await engine.training.start({
    dataset: data.id,
    preset: 'tutorial-mlp-16',
    epochs: 1,
    stepsPerEpoch: 3,
    batchSize: 8,
    seed: 1,
    optimizer: optimizerDefaults.sgd,
    validation: { amount: 'none', pick: 'last' },
  });
  for await (const event of await engine.training.watch({ run: id })) void event; // until it has ended
  const { state, history, failure, steps: mode } = await engine.training.run({ run: id });
  if (failure) throw new AppError('internal', failure.message, { reason: failure.message });
  const loss = history.at(-1)?.loss;
  expect(state === 'done' && Number.isFinite(loss), 'a run that is done, with a loss', `${state}, ${loss}`);
  return { images: data.name, loss, compiled: mode?.compiled };
}

/** Half a second of the film that comes with the app, every third frame asked. */
async function film(engine: Engine): Promise<Findings> {
  const { ffmpeg } = await engine.video.tools();
  if (!ffmpeg) return { skipped: 'there is no ffmpeg' };
  const [sample] = await engine.video.samples();
  if (!sample) return { skipped: 'no film comes with the app' };
  const { films } = await engine.video.openFilms({ paths: [sample.path] });
  const job = await engine.video.enqueue({ film: films[0]?.id ?? '', settings: { model, to: 0.5, every: 3 } });
  for await (const jobs of await engine.video.queue()) {
    const mine = jobs.find(({ id }) => id === job.id);
    if (mine?.failure) throw new AppError('internal', mine.failure.message, { reason: mine.failure.message });
    if (mine?.state !== 'done') continue;
    expect(mine.done > 0, 'frames in the film made', mine.done);
    return { ffmpeg: ffmpeg.version, from: ffmpeg.from, frames: mine.done, framesPerSecond: mine.framesPerSecond };
  }
  throw new AppError('internal', 'The queue of films ended before its film.', { reason: 'the queue ended' });
}

/** The photos lie beside the sample data. */
async function cat(engine: Engine): Promise<{ path: string }> {
  const [sample] = await engine.data.samples();
  const samples = dirname(sample?.path ?? '');
  expect(basename(samples) === 'samples', 'a folder of samples', samples);
  return { path: join(dirname(samples), 'photos', 'chelsea.jpg') };
}

function expect(holds: boolean, expected: string, received: unknown): void {
  if (holds) return;
  const reason = `expected ${expected}, received ${String(received)}`;
  throw new AppError('internal', `The self-test ${reason}.`, { reason });
}
