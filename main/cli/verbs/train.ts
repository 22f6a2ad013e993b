import { Option } from 'commander';
import type { RunDetail } from '#contract/training.ts';
import { optimizerName } from '#contract/training.ts';
import { AppError, isFailureCode } from '#contract/failures.ts';
import type { Engine } from '#contract/engine.ts';
import { figure, percent, whole } from '../output.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { keepRun, placeForRun, runFiles } from '../run-folder.ts';
import { withScratch } from '../scratch.ts';
import { dataSetFrom } from '../source.ts';
import type { Task } from '../task.ts';
import { settingsFrom, type TrainOptions } from '../train-settings.ts';
import { epochJson, epochLine, follow } from '../watch-run.ts';

const presetDefault = 'mnist-cnn';

export const trainVerb: Verb = (surroundings, ended) => {
  const command = verb('train', 'Train a network.')
    .requiredOption('--data <source...>', '`mnist`, IDX files (gz or not), or a folder with them')
    .option('--preset <id>', 'network to train (see `presets`)', presetDefault)
    .option('--epochs <count>', 'passes over the training images', integer(1, 100_000), 10)
    .option('--batch-size <count>', 'images of one step', integer(1, 65_536), 128)
    .addOption(new Option('--optimizer <name>', 'with Keras’ defaults').choices(optimizerName.options).default('adam'))
    .option('--learning-rate <rate>', 'default: Keras’ for the optimizer', real(0, 100, true))
    .option('--seed <number>', 'of weights, order and dropout', integer(0, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--validation-split <part>', 'hold out this part of the training images')
        .argParser(real(0, 1, true))
        .conflicts('validationCount'),
    )
    .option('--validation-count <count>', 'hold out this many training images', integer(1))
    .addOption(
      new Option('--validation-pick <how>', 'which: the last, or by class')
        .choices(['last', 'stratified'])
        .default('last'),
    )
    .option('--limit-train <count>', 'only the first training images', integer(1))
    .option('--limit-test <count>', 'only the first test images', integer(1))
    .option('--name <text>', 'what the run is called')
    .option('--out <folder>', 'keep the run in this folder instead of the project');
  return acts<TrainOptions>(command, surroundings, ended, async (task, options) => {
    const place = options.out === undefined ? null : await placeForRun(options.out);
    const engine = place ? (await withScratch(task, place.beside)).engine : await task.engine();
    const detail = await train(task, engine, options);
    if (place) await keepRun(detail.folder, place.folder);
    const folder = place?.folder ?? detail.folder;
    const value = trained(detail, place ? place.folder : detail.id, await runFiles(folder));
    return { value, text: () => describe(value, folder) };
  });
};

async function train(task: Task, engine: Engine, options: TrainOptions): Promise<RunDetail> {
  const data = await dataSetFrom(engine, options.data);
  const run = await engine.training.start(settingsFrom(options, data.id), { signal: task.signal });
  await follow(task, engine, run);
  const detail = await engine.training.run({ run: run.id });
  task.signal.throwIfAborted();
  if (detail.failure) {
    const { code, message, details } = detail.failure;
    throw new AppError(isFailureCode(code) ? code : 'internal', message, { reason: message, ...details });
  }
  return detail;
}

/** `run` is what `--model` takes: an id in the project, or the folder of `--out`. */
export function trained(detail: RunDetail, run: string, files: string[]) {
  const test = detail.test ? { loss: detail.test.loss, accuracy: detail.test.accuracy } : null;
  return { run, epochs: detail.history.map(epochJson), test, files };
}

function describe({ run, epochs, test }: ReturnType<typeof trained>, folder: string): string {
  const last = epochs.at(-1);
  return [
    ...(last ? [epochLine(last, epochs.length)] : []),
    ...(test ? [`test: loss ${figure(test.loss)}, accuracy ${percent(test.accuracy)} %`] : []),
    `run ${run} in ${folder} (${whole(epochs.length)} epochs)`,
  ].join('\n');
}
