import { InvalidArgumentError, Option } from 'commander';
import path from 'node:path';
import type { Engine } from '#contract/engine.ts';
import { fineTuningSettings, type FineTuningSettings, type RunSummary } from '#contract/training.ts';
import { baseHelp, baseIn, lendRun } from '../fine-tune-base.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { dataSetFor } from '../source.ts';
import type { Task } from '../task.ts';
import { settingsFrom, type TrainOptions } from '../train-settings.ts';
import { refuse, withTrainingOptions } from '../training-options.ts';
import { trainInFolder, trainInProject } from './train.ts';

interface Options extends Omit<TrainOptions, 'preset'> {
  readonly base: string;
  readonly data: string[];
  readonly head: FineTuningSettings['head'];
  readonly dropout?: number;
  readonly unfreeze: FineTuningSettings['unfreeze'];
  readonly reuse: boolean;
  readonly out?: string;
}

const usual = { preset: null, batchSize: 32 };

export const fineTuneVerb: Verb = (surroundings, ended) => {
  const command = verb('fine-tune', 'Teach a trained network your own classes: a new head on its frozen layers.')
    .requiredOption('--base <model>', baseHelp)
    .addOption(
      new Option('--head <kind>', 'in the place of its classifier; keep: the network as it is')
        .choices(fineTuningSettings.shape.head.options)
        .default('global-average'),
    )
    .option('--dropout <part>', 'before the new dense layer', real(0, 0.99))
    .option('--unfreeze <blocks>', 'train so many of its last blocks too, or `all`', blocks, 0)
    .option('--no-reuse', 'compute the frozen layers in every step instead of once for each image');
  withTrainingOptions(command, usual)
    .option('--out <folder>', 'keep the run in this folder instead of the project')
    .addHelpText(
      'after',
      '\nPhotos come to the size that the base was made for. Of a second phase: --base RUN --head keep --unfreeze 2 --learning-rate 1e-5',
    );
  command.hook('preAction', (_, acting) => {
    refuse(acting, acting.opts<Partial<Options>>().data ? null : `required option '--data <source...>' not specified`);
  });
  return acts<Options>(command, surroundings, ended, (task, options) => {
    const start = (engine: Engine) => begin(task, engine, options);
    if (options.out === undefined) return trainInProject(task, { start });
    const folder = path.resolve(options.out);
    return trainInFolder(task, { start, folder }, (project) => lendRun(options.base, project));
  });
};

async function begin(task: Task, engine: Engine, options: Options): Promise<RunSummary> {
  const { head, dropout, unfreeze, reuse } = options;
  const base = await baseIn(task, engine, options.base, options.out !== undefined);
  const data = await dataSetFor(task, engine, base, options.data, options);
  const settings = {
    ...settingsFrom({ ...options, preset: base }, data),
    fineTuning: { base, head, unfreeze, ...(dropout && { dropout }), ...(!reuse && { reuseFeatures: false }) },
  };
  return engine.training.start(settings, { signal: task.signal });
}

function blocks(text: string): FineTuningSettings['unfreeze'] {
  if (text === 'all') return text;
  try {
    return integer(0, 10_000)(text);
  } catch {
    throw new InvalidArgumentError('Expected a whole number of blocks, or all.');
  }
}
