import type { DataSetSummary, ImportRow, SplitStatistics } from '#contract/data.ts';
import { sourceHelp, withImportOptions, type ImportTexts } from '../../import-options.ts';
import { acts, verb, type Verb } from '../../options.ts';
import { figure, table } from '../../output.ts';
import { withScratch } from '../../scratch.ts';
import { dataSetFrom } from '../../source.ts';
import type { CommonOptions } from '../../task.ts';

export const inspectVerb: Verb = (surroundings, ended) => {
  const command = verb('inspect', 'Say what a data set holds: shape, classes, splits, figures, problems.').argument(
    '<source...>',
    sourceHelp,
  );
  return acts<CommonOptions & ImportTexts>(
    withImportOptions(command),
    surroundings,
    ended,
    async (task, options, sources) => {
      const { engine } = await withScratch(task);
      const summary = await dataSetFrom(task, engine, sources, options);
      const statistics = await engine.data.statistics({ dataset: summary.id });
      const { rows } = await engine.data.report({ dataset: summary.id });
      const value = inspection(summary, statistics, rows);
      return { value, text: () => describe(summary, statistics, value.problems) };
    },
  );
};

interface FoundProblem {
  readonly file: string;
  /** A code: of a failure, or of what is odd about a file. */
  readonly problem: string;
  readonly action: string;
  readonly detail?: string;
}

/** `mean` and `std` are those of the training split, else of the first there is, per channel, pixels as 0…1. */
export function inspection(
  summary: DataSetSummary,
  statistics: readonly SplitStatistics[],
  rows: readonly ImportRow[] = [],
) {
  const { kind, height, width, channels, classes, superclasses } = summary;
  const splits = Object.fromEntries(
    statistics.map(({ split, count, perClass }) => [
      split,
      { count, perClass: Object.fromEntries(classes.map((name, k) => [name, perClass[k] ?? 0])) },
    ]),
  );
  const figures = statistics.find(({ split }) => split === 'train') ?? statistics[0];
  const problems: FoundProblem[] = [
    ...summary.problems,
    ...rows.map(({ file, oddity, outcome, detail }) => {
      return { file, problem: oddity, action: outcome, ...(detail !== undefined && { detail }) };
    }),
  ];
  const shape = [height, width, channels];
  const figured = { mean: figures?.mean ?? [], std: figures?.std ?? [] };
  return { kind, shape, classes, ...(superclasses && { superclasses }), splits, ...figured, problems };
}

function describe(
  summary: DataSetSummary,
  statistics: readonly SplitStatistics[],
  problems: readonly FoundProblem[],
): string {
  const head = ['class', ...statistics.map(({ split }) => split)];
  const rows = summary.classes.map((name, k) => [name, ...statistics.map(({ perClass }) => perClass[k] ?? 0)]);
  const levels = statistics.map(({ split, mean, std }) => {
    return `${split}: mean ${mean.map(figure).join(', ')}; standard deviation ${std.map(figure).join(', ')}`;
  });
  return [
    `${summary.name}: ${summary.width}×${summary.height}×${summary.channels}, ${summary.classes.length} classes`,
    table(head, [...rows, ['all', ...statistics.map(({ count }) => count)]]),
    ...levels,
    ...problems.map(({ file, problem, action, detail }) => {
      return `${file}: ${problem}${detail === undefined ? '' : ` (${detail})`}; ${action}`;
    }),
  ].join('\n');
}
