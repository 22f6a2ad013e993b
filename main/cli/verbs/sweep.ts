import type { Engine } from '#contract/engine.ts';
import type { RunSummary, SweepAxis } from '#contract/training.ts';
import { figure, percent, table } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { dataSetFrom } from '../source.ts';
import type { Task } from '../task.ts';
import { settingsFrom, type TrainOptions } from '../train-settings.ts';
import { refuse, withAxes, withTrainingOptions } from '../training-options.ts';
import { follow } from '../watch-run.ts';

interface Options extends TrainOptions {
  readonly try: SweepAxis[];
}

export const sweepVerb: Verb = (surroundings, ended) => {
  const command = withAxes(
    withTrainingOptions(verb('sweep', 'Train every combination of some settings’ values, one after the other.')),
  ).hook('preAction', (_, acting) => {
    refuse(acting, acting.opts<Options>().data ? null : `required option '--data <source...>' not specified`);
  });
  return acts<Options>(command, surroundings, ended, async (task, options) => {
    const engine = await task.engine();
    const data = await dataSetFrom(task, engine, options.data ?? [], options);
    const settings = settingsFrom(options, data);
    const runs = await engine.training.sweep({ settings, axes: options.try }, { signal: task.signal });
    const value = (await trainAll(task, engine, runs)).map(swept).sort(bestFirst);
    return { value, text: () => describe(value, options.try) };
  });
};

/** Runs fail one by one; a sweep goes on. On Ctrl-C those that wait are taken off the queue. */
async function trainAll(task: Task, engine: Engine, runs: readonly RunSummary[]): Promise<RunSummary[]> {
  const ended: RunSummary[] = [];
  for (const [place, run] of runs.entries()) {
    const values = Object.entries(run.sweep?.values ?? {}).map(([name, value]) => `${name} ${value}`);
    task.progress.line(`run ${place + 1} of ${runs.length}: ${values.join(', ')}`);
    await follow(task, engine, run, () => takeOff(engine, runs.slice(place + 1)));
    task.signal.throwIfAborted();
    ended.push(await engine.training.run({ run: run.id }));
  }
  return ended;
}

async function takeOff(engine: Engine, runs: readonly RunSummary[]): Promise<void> {
  for (const { id } of [...runs].reverse()) await engine.training.stop({ run: id, when: 'now' });
}

/** A run of a sweep as the command line gives it. */
export function swept({ id, name, state, sweep, epochsDone, last, best, test, failure }: RunSummary) {
  const { loss, accuracy, valLoss, valAccuracy } = last ?? {};
  const figures = { loss, accuracy, valLoss, valAccuracy, best, failure };
  const known = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  return {
    run: id,
    name,
    state,
    values: sweep?.values ?? {},
    epochs: epochsDone,
    ...(known as Partial<typeof figures>),
    ...(test ? { test: { loss: test.loss, accuracy: test.accuracy } } : {}),
  };
}

type Swept = ReturnType<typeof swept>;

/** By accuracy on held-out images, else on the test images, else on those it trained on; equals by loss; failed last. */
function bestFirst(a: Swept, b: Swept): number {
  const failed = Number(a.failure !== undefined) - Number(b.failure !== undefined);
  return failed || merit(b).accuracy - merit(a).accuracy || merit(a).loss - merit(b).loss;
}

function merit({ valAccuracy, valLoss, test, accuracy = 0, loss = Infinity }: Swept) {
  if (valAccuracy !== undefined && valLoss !== undefined) return { accuracy: valAccuracy, loss: valLoss };
  return test ?? { accuracy, loss };
}

function describe(runs: readonly Swept[], axes: readonly SweepAxis[]): string {
  const percentOf = (part: number | undefined) => (part === undefined ? '–' : percent(part));
  const names = axes.map(({ setting }) => setting);
  const rows = runs.map(({ run, state, values, epochs, loss, accuracy, valAccuracy, test }) => [
    ...names.map((name) => values[name] ?? '–'),
    ...[percentOf(valAccuracy), percentOf(test?.accuracy), percentOf(accuracy)],
    ...[loss === undefined ? '–' : figure(loss), epochs, state, run],
  ]);
  const figures = ['validation accuracy %', 'test accuracy %', 'accuracy %', 'loss', 'epochs', 'state', 'run'];
  return table([...names, ...figures], rows);
}
