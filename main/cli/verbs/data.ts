import { Command } from 'commander';
import type { DataSetSummary, SplitStatistics } from '#contract/data.ts';
import { figure, table } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { withScratch } from '../scratch.ts';
import { dataSetFrom } from '../source.ts';

export const dataVerb: Verb = (surroundings, ended) => {
  const inspect = verb('inspect', 'Say what a data set holds: shape, classes, splits, figures, problems.').argument(
    '<source...>',
    '`mnist`, or IDX files (gz or not), or a folder with them',
  );
  acts(inspect, surroundings, ended, async (task, _options, sources) => {
    const { engine } = await withScratch(task);
    const summary = await dataSetFrom(engine, sources);
    const statistics = await engine.data.statistics({ dataset: summary.id });
    const value = inspection(summary, statistics);
    return { value, text: () => describe(summary, statistics) };
  });
  return new Command('data').description('Look at data sets.').helpCommand(false).addCommand(inspect);
};

/** `mean` and `std` are those of the training split, else of the first there is, per channel, pixels as 0…1. */
export function inspection(summary: DataSetSummary, statistics: readonly SplitStatistics[]) {
  const { kind, height, width, channels, classes, problems } = summary;
  const splits = Object.fromEntries(
    statistics.map(({ split, count, perClass }) => [
      split,
      { count, perClass: Object.fromEntries(classes.map((name, k) => [name, perClass[k] ?? 0])) },
    ]),
  );
  const figures = statistics.find(({ split }) => split === 'train') ?? statistics[0];
  const shape = [height, width, channels];
  return { kind, shape, classes, splits, mean: figures?.mean ?? [], std: figures?.std ?? [], problems };
}

function describe(summary: DataSetSummary, statistics: readonly SplitStatistics[]): string {
  const head = ['class', ...statistics.map(({ split }) => split)];
  const rows = summary.classes.map((name, k) => [name, ...statistics.map(({ perClass }) => perClass[k] ?? 0)]);
  const levels = statistics.map(({ split, mean, std }) => {
    return `${split}: mean ${mean.map(figure).join(', ')}; standard deviation ${std.map(figure).join(', ')}`;
  });
  return [
    `${summary.name}: ${summary.width}×${summary.height}×${summary.channels}, ${summary.classes.length} classes`,
    table(head, [...rows, ['all', ...statistics.map(({ count }) => count)]]),
    ...levels,
    ...summary.problems.map(({ file, problem, action }) => `${file}: ${problem}; ${action}`),
  ].join('\n');
}
