import type { RunSummary } from '#contract/training.ts';
import { figure, percent, table } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';

export const runsVerb: Verb = (surroundings, ended) =>
  acts(verb('runs', 'List the runs of the project, newest first.'), surroundings, ended, async (task) => {
    const runs = await (await task.engine()).training.runs();
    const value = runs.map(listed);
    const rows = value.map((run) => [
      run.run,
      run.state,
      run.data,
      run.preset,
      run.epochs,
      run.test ? figure(run.test.loss) : '–',
      run.test ? percent(run.test.accuracy) : '–',
    ]);
    const head = ['run', 'state', 'data', 'preset', 'epochs', 'test loss', 'test accuracy %'];
    return { value, text: () => (rows.length > 0 ? table(head, rows) : 'No run yet.') };
  });

function listed({ id, name, state, created, settings, epochsDone, last, test }: RunSummary) {
  return {
    run: id,
    name,
    state,
    created,
    data: settings.dataset,
    preset: settings.preset,
    epochs: epochsDone,
    ...(last ? { loss: last.loss, accuracy: last.accuracy } : {}),
    ...(test ? { test: { loss: test.loss, accuracy: test.accuracy } } : {}),
  };
}
