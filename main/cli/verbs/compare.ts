import type { ComparedRun, ComparedSetting, ComparisonTable } from '#contract/comparison.ts';
import type { RunSummary } from '#contract/training.ts';
import { duration, figure, percent, table, whole } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { engineWithRuns } from '../runs-named.ts';
import type { CommonOptions } from '../task.ts';

interface Options extends CommonOptions {
  readonly all?: boolean;
}

export const compareVerb: Verb = (surroundings, ended) => {
  const command = verb('compare', 'Compare runs: the settings that differ, metrics, time and size; the best first.')
    .argument('[run...]', 'runs of the project by id or name, or folders of runs (default: all of the project)')
    .option('--all', 'also the settings in which they do not differ');
  return acts<Options>(command, surroundings, ended, async (task, { all = false }, names) => {
    const { engine, runs } = await engineWithRuns(task, names);
    const [compared, summaries] = await Promise.all([
      engine.comparison.table({ runs: [...runs] }),
      engine.training.runs(),
    ]);
    const value = comparisonOf(compared, new Map(summaries.map((run) => [run.id, run])), all);
    return { value, text: () => (value.runs.length > 0 ? describe(value) : 'No run yet.') };
  });
};

/** The comparison as the command line gives it; what a run does not have is absent. */
export function comparisonOf({ runs, settings }: ComparisonTable, known: ReadonlyMap<string, RunSummary>, all = true) {
  const differing = settings.filter(({ differs }) => differs);
  const rows = runs.map((row, place) => {
    const run = known.get(row.run);
    return {
      run: row.run,
      name: run?.name ?? row.run,
      state: run?.state ?? 'failed',
      epochs: run?.epochsDone ?? 0,
      settings: valuesAt(differing, place),
      final: row.final,
      best: row.best,
      ...(run?.test ? { test: { loss: run.test.loss, accuracy: run.test.accuracy } } : {}),
      parameters: run?.parameters ?? 0,
      ...(row.secondsPerEpoch === undefined ? {} : { secondsPerEpoch: row.secondsPerEpoch }),
      seconds: row.seconds,
      size: row.size,
      ...(run?.overfitting ? { overfittingSince: run.overfitting.since } : {}),
      ...(run?.notes === undefined ? {} : { notes: run.notes }),
      ...(run?.tags === undefined ? {} : { tags: run.tags }),
    };
  });
  return {
    differing: differing.map(({ path }) => path),
    ...(all
      ? {
          same: valuesAt(
            settings.filter(({ differs }) => !differs),
            0,
          ),
        }
      : {}),
    runs: rows.sort((a, b) => reached(b) - reached(a)),
  };
}

type Comparison = ReturnType<typeof comparisonOf>;
type Row = Comparison['runs'][number];

/** By what one chooses: the held-out images' best accuracy, else the test's, else the training's. */
const reached = ({ best, test }: Pick<ComparedRun, 'best'> & { test?: { accuracy: number } }) =>
  best['valAccuracy']?.value ?? test?.accuracy ?? best['accuracy']?.value ?? -1;

function valuesAt(settings: readonly ComparedSetting[], place: number) {
  return Object.fromEntries(settings.map(({ path, values }) => [path, values[place] ?? null]));
}

function describe({ differing, runs, ...rest }: Comparison): string {
  const best = (row: Row, name: string) => {
    const found = row.best[name];
    return found ? `${percent(found.value)} (${found.epoch})` : '–';
  };
  const head = [
    ...['run', ...differing, 'epochs', 'loss', 'val. loss', 'best val. acc. % (epoch)', 'test acc. %'],
    ...['parameters', 's/epoch', 'time', 'MB', 'overfits'],
  ];
  const rows = runs.map((row) => [
    row.name,
    ...differing.map((path) => String(row.settings[path] ?? '–')),
    row.epochs,
    maybe(row.final['loss'], figure),
    maybe(row.final['valLoss'], figure),
    best(row, 'valAccuracy'),
    maybe(row.test?.accuracy, percent),
    whole(row.parameters),
    maybe(row.secondsPerEpoch, figure),
    duration(row.seconds),
    (row.size / 1e6).toFixed(1),
    row.overfittingSince === undefined ? '–' : `since ${row.overfittingSince}`,
  ]);
  const same = Object.entries(rest.same ?? {}).map(([path, value]) => [path, String(value ?? '–')]);
  const text = table(head, rows);
  return same.length > 0 ? `${text}\n\n${table(['in all of them', ''], same)}` : text;
}

const maybe = (value: number | undefined, say: (value: number) => string) => (value === undefined ? '–' : say(value));
