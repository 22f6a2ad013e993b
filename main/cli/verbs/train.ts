import { Option, type Command } from 'commander';
import path from 'node:path';
import type { RunDetail, RunSummary, TunedFrom } from '#contract/training.ts';
import type { Engine } from '#contract/engine.ts';
import { AppError, isFailureCode } from '#contract/failures.ts';
import { figure, percent, whole } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { runFiles } from '../run-folder.ts';
import { dataSetFrom } from '../source.ts';
import type { Result, Task } from '../task.ts';
import { settingsFrom, type TrainOptions } from '../train-settings.ts';
import { refuse, withTrainingOptions } from '../training-options.ts';
import { epochJson, epochLine, follow } from '../watch-run.ts';
import { openWorkingFolder } from '../working-folder.ts';

interface Options extends TrainOptions {
  readonly out?: string;
  readonly resume?: true | string;
}

export const trainVerb: Verb = (surroundings, ended) => {
  const command = withTrainingOptions(verb('train', 'Train a network, or go on with a run that was interrupted.'))
    .option('--out <folder>', 'keep the run in this folder instead of the project')
    .addOption(
      new Option('--resume [run]', 'go on with the run in --out, or with this run of the project, at its checkpoint'),
    )
    .hook('preAction', (_, acting) => refuse(acting, whatToTrain(acting)));
  return acts<Options>(command, surroundings, ended, (task, options) => {
    const { out } = options;
    const start = (engine: Engine) => begin(task, engine, options);
    if (out === undefined) return trainInProject(task, { ...options, start });
    return trainInFolder(task, { ...options, start, folder: path.resolve(out) });
  });
};

function whatToTrain(command: Command): string | null {
  const { data, out, resume } = command.opts<Options>();
  if (resume === undefined) return data ? null : `required option '--data <source...>' not specified`;
  if (typeof resume === 'string' && out !== undefined) {
    return `option '--resume' takes no run beside --out; received ${resume}.`;
  }
  if (resume === true && out === undefined) return `option '--resume' needs a run of the project, or --out FOLDER.`;
  return null;
}

export interface Training {
  readonly start: (engine: Engine) => Promise<RunSummary>;
  readonly resume?: true | string;
}

export async function trainInProject(task: Task, { start, resume }: Training): Promise<Result<unknown>> {
  const engine = await task.engine();
  const run = typeof resume === 'string' ? await goOn(task, engine, resume) : await start(engine);
  const detail = await toTheEnd(task, engine, run).catch(async (thrown: unknown) => {
    const left = await engine.training.run({ run: run.id }).catch(() => null);
    if (left?.checkpoint) task.progress.line(`Kept as ${run.id}. To go on: heatlens train --resume ${run.id}`);
    throw thrown;
  });
  return result(detail, detail.id, detail.folder);
}

/** @param begins hears of the project's folder before its engine does */
export async function trainInFolder(
  task: Task,
  options: Training & Partial<TrainOptions> & { readonly folder: string },
  begins?: (project: string) => Promise<void>,
): Promise<Result<unknown>> {
  const { folder, start, resume } = options;
  const { engine, found, keep } = await openWorkingFolder(task, folder, resume !== undefined, begins);
  const run = found ? await goOnUnlessDone(task, engine, options, found) : await start(engine);
  const detail = await toTheEnd(task, engine, run);
  await keep();
  return result(detail, folder, folder);
}

async function begin(task: Task, engine: Engine, options: Options): Promise<RunSummary> {
  const { data: sources } = options;
  if (!sources) throw new AppError('run/unknown', 'There is no run to go on with.', { run: options.out ?? '' });
  const data = await dataSetFrom(task, engine, sources, options);
  return engine.training.start(settingsFrom(options, data), { signal: task.signal });
}

async function goOn(task: Task, engine: Engine, run: string): Promise<RunSummary> {
  const taken = await engine.training.continue({ run }, { signal: task.signal });
  const { epoch = 1, batch = 0 } = taken.checkpoint ?? {};
  task.progress.line(`Going on in epoch ${epoch} after batch ${batch}.`);
  return taken;
}

/** A run that was killed after its last batch has only its place to get. */
async function goOnUnlessDone(
  task: Task,
  engine: Engine,
  options: Partial<TrainOptions>,
  run: string,
): Promise<RunSummary> {
  if (options.data) await dataSetFrom(task, engine, options.data, options);
  const known = await engine.training.run({ run });
  return known.state === 'done' ? known : goOn(task, engine, run);
}

/** Fails as the run does; `call/cancelled` when it was stopped by Ctrl-C. */
export async function toTheEnd(task: Task, engine: Engine, run: RunSummary): Promise<RunDetail> {
  if (run.state !== 'done') await follow(task, engine, run);
  const detail = await engine.training.run({ run: run.id });
  if (task.signal.aborted) throw new AppError('call/cancelled', 'The run was stopped.');
  if (detail.failure) {
    const { code, message, details } = detail.failure;
    throw new AppError(isFailureCode(code) ? code : 'internal', message, { reason: message, ...details });
  }
  return detail;
}

async function result(detail: RunDetail, run: string, folder: string): Promise<Result<unknown>> {
  const value = trained(detail, run, await runFiles(folder));
  return { value, text: () => describe(value, folder) };
}

/** `run` is what `--model` takes: an id in the project, or the folder of `--out`. */
export function trained(detail: RunDetail, run: string, files: string[]) {
  const test = detail.test ? { loss: detail.test.loss, accuracy: detail.test.accuracy } : null;
  const { ended, best, batchSize, overfitting, steps, tuned } = detail;
  const beside = { ended, best, batchSize, overfitting, steps, tuned };
  const said = Object.fromEntries(Object.entries(beside).filter(([, value]) => value !== undefined));
  return { run, epochs: detail.history.map(epochJson), test, files, ...(said as Partial<typeof beside>) };
}

function describe(value: ReturnType<typeof trained>, folder: string) {
  const { run, epochs, test, ended, best, overfitting, steps, tuned } = value;
  const last = epochs.at(-1);
  return [
    ...(last ? [epochLine(last, last.epoch)] : []),
    ...(ended === 'early-stopping' ? [`stopped early: nothing was gained any more`] : []),
    ...(best ? [`best: epoch ${best.epoch}, ${best.monitor} ${figure(best.value)}`] : []),
    ...(overfitting ? [`overfitting since epoch ${overfitting.since}; try ${overfitting.advice.join(', ')}`] : []),
    ...(steps && !steps.compiled ? [`steps were not compiled: ${steps.reason ?? 'no reason is known'}`] : []),
    ...(tuned ? [tunedLine(tuned)] : []),
    ...(test ? [`test: loss ${figure(test.loss)}, accuracy ${percent(test.accuracy)} %`] : []),
    `run ${run} in ${folder} (${whole(epochs.length)} epochs)`,
  ].join('\n');
}

function tunedLine({ base, trained: learnt, frozen, features, fresh }: TunedFrom): string {
  const reused = features
    ? `; features of ${whole(features.computed)} images computed, ${whole(features.found)} found`
    : '';
  const begun = fresh.length > 0 ? `; new: ${fresh.join(', ')}` : '';
  return `from ${base}: ${whole(learnt)} parameters trained, ${whole(frozen)} frozen${reused}${begun}`;
}
