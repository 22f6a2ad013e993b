import type { Preflight } from '#contract/training.ts';
import { duration, figure, table, whole } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { withScratch } from '../scratch.ts';
import { dataSetFrom } from '../source.ts';
import { settingsFrom, type TrainOptions } from '../train-settings.ts';
import { refuse, withTrainingOptions } from '../training-options.ts';

const megabytes = (bytes: number) => `${whole(bytes / 2 ** 20)} MB`;

export const preflightVerb: Verb = (surroundings, ended) => {
  const command = withTrainingOptions(
    verb('preflight', 'Try one batch of a training, and say what it will take: memory, time, advice.'),
  ).hook('preAction', (_, acting) => {
    refuse(acting, acting.opts<TrainOptions>().data ? null : `required option '--data <source...>' not specified`);
  });
  return acts<TrainOptions>(command, surroundings, ended, async (task, options) => {
    const engine = options.project === undefined ? (await withScratch(task)).engine : await task.engine();
    const data = await dataSetFrom(task, engine, options.data ?? [], options);
    const settings = settingsFrom(options, data);
    const value = await engine.training.preflight(settings, { signal: task.signal });
    return { value, text: () => describe(value, settings.batchSize) };
  });
};

const warnings: Readonly<Record<Preflight['warnings'][number], string>> = {
  'memory-tight': 'Memory is tight: a smaller batch is safer.',
  'batch-too-large': 'The batch does not fit into memory.',
  'loss-far-off': 'The loss is far from that of guessing: look at the preparation of the pixels and the learning rate.',
  'steps-not-compiled': 'The steps cannot be compiled and will be slower.',
  'one-class-only': 'All images have one class: there is nothing to tell apart.',
  'tiny-data': 'There are very few images: what is learnt will hardly hold for others.',
};

function describe(preflight: Preflight, batchSize: number): string {
  const { images, batches, parameters, stepSeconds, estimate, memory, advisedBatchSize, steps, loss } = preflight;
  const { weights, slots, gradients, activations, free } = memory;
  const rows = Object.entries({ weights, 'optimizer slots': slots, gradients, activations })
    .map(([name, bytes]) => [name, megabytes(bytes)])
    .concat([
      ['together', megabytes(weights + slots + gradients + activations)],
      ['free', megabytes(free)],
    ]);
  const advice =
    advisedBatchSize === batchSize ? 'as asked for' : `--batch-size ${advisedBatchSize} is the largest that fits well`;
  return [
    `${whole(images)} images in ${whole(batches)} batches, ${whole(parameters)} parameters`,
    `a step takes ${figure(stepSeconds * 1000)} ms, the whole run about ${duration(estimate)}`,
    `steps ${steps.compiled ? 'are compiled' : `are not compiled: ${steps.reason ?? 'no reason is known'}`}`,
    `loss of the first batch ${figure(loss)}`,
    table(['memory', ''], rows),
    `batch size: ${advice}`,
    ...preflight.warnings.map((warning) => `- ${warnings[warning]}`),
  ].join('\n');
}
