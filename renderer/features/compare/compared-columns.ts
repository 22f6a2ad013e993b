import type { ComparedRun, ComparisonTable, SettingValue } from '#contract/comparison.ts';
import type { RunSummary } from '#contract/training.ts';
import { bytes, count, duration, learningRate, loss, percent, rate, short } from '#ui/format.ts';

type Say = (key: string, values?: Record<string, string | number>) => string;

/** What a figure is, and so how it is written. */
export type ColumnKind = 'text' | 'setting' | 'part' | 'loss' | 'rate' | 'count' | 'seconds' | 'bytes';

/** One run in the table. */
export interface ComparedRow {
  readonly run: RunSummary;
  /** Absent until the engine has answered. */
  readonly compared: ComparedRun | undefined;
  /** Values of the settings, by path. */
  readonly settings: ReadonlyMap<string, SettingValue>;
}

export interface Column {
  /** `setting.optimizer.name`, `final.valLoss`, `best.valAccuracy`, `size`, … */
  readonly id: string;
  readonly title: string;
  readonly group: 'setting' | 'figure' | 'cost' | 'words';
  readonly kind: ColumnKind;
  /** Which end of it is the better one, if either. */
  readonly better?: 'low' | 'high';
  value(row: ComparedRow): string | number | null;
}

/** The rows in the order of the table's runs; runs that are gone are left out. */
export function comparedRows(runs: readonly RunSummary[], table: ComparisonTable | null): ComparedRow[] {
  const places = new Map((table?.runs ?? []).map((row, place) => [row.run, place]));
  return runs.map((run) => {
    const place = places.get(run.id);
    const settings =
      place === undefined ? [] : (table?.settings ?? []).map((one) => [one.path, one.values[place] ?? null] as const);
    return { run, compared: place === undefined ? undefined : table?.runs[place], settings: new Map(settings) };
  });
}

/** The name of a figure for people: `Val. loss`, `Top-5`, `Loss of aux1`. */
export function figureTitle(figure: string, t: Say): string {
  const parts = figure.split('.');
  const [kind = '', name = '', own = ''] = parts;
  if (kind === 'metrics') return t(`train.metrics.${name}`);
  if (kind === 'valMetrics') return t('compare.heldOut', { figure: t(`train.metrics.${name}`) });
  if (kind === 'outputs' || kind === 'valOutputs') {
    const title = t(own === 'loss' ? 'train.curves.outputLoss' : 'train.curves.outputAccuracy', { output: name });
    return kind === 'outputs' ? title : t('compare.heldOut', { figure: title });
  }
  return t(`compare.figures.${figure}`);
}

/** A setting's name where it has one, else its path. */
export function settingTitle(path: string, t: Say): string {
  const key = `compare.settings.${path.replaceAll('.', '-')}`;
  const title = t(key);
  return title === key ? path : title;
}

const isLoss = (figure: string) => /loss$/i.test(figure);

function figureColumn(id: string, figure: string, title: string, value: Column['value']): Column {
  if (figure === 'learningRate') return { id, title, group: 'figure', kind: 'rate', value };
  const loss = isLoss(figure);
  return { id, title, group: 'figure', kind: loss ? 'loss' : 'part', better: loss ? 'low' : 'high', value };
}

/** All columns that these runs fill, in the table's order. */
export function columnsOf(table: ComparisonTable | null, everything: boolean, t: Say): Column[] {
  const names = (of: 'final' | 'best') => [...new Set((table?.runs ?? []).flatMap((row) => Object.keys(row[of])))];
  const settings = (table?.settings ?? [])
    .filter(({ differs }) => everything || differs)
    .map(({ path }): Column => ({
      ...{ id: `setting.${path}`, title: settingTitle(path, t), group: 'setting', kind: 'setting' },
      value: ({ settings: own }) => plain(own.get(path) ?? null),
    }));
  // The rate is a curve; of the table it is a setting.
  const final = names('final')
    .filter((name) => name !== 'learningRate')
    .map((name) =>
      figureColumn(`final.${name}`, name, figureTitle(name, t), ({ compared }) => compared?.final[name] ?? null),
    );
  const best = names('best')
    .filter((name) => name.startsWith('val'))
    .flatMap((name): Column[] => {
      const title = t('compare.best', { figure: figureTitle(name, t) });
      const own = (row: ComparedRow) => row.compared?.best[name];
      return [
        figureColumn(`best.${name}`, name, title, (row) => own(row)?.value ?? null),
        {
          ...{ id: `bestEpoch.${name}`, title: t('compare.bestEpoch', { figure: figureTitle(name, t) }) },
          ...{ group: 'figure', kind: 'count', value: (row) => own(row)?.epoch ?? null },
        },
      ];
    });
  const test = [
    figureColumn(
      'test.accuracy',
      'accuracy',
      t('compare.figures.testAccuracy'),
      ({ run }) => run.test?.accuracy ?? null,
    ),
    figureColumn('test.loss', 'loss', t('compare.figures.testLoss'), ({ run }) => run.test?.loss ?? null),
  ];
  // How well it did comes first: it is what is looked for.
  return [...test, ...settings, ...final, ...best, ...costColumns(t), ...wordColumns(t)];
}

function costColumns(t: Say): Column[] {
  const cost = (id: string, kind: ColumnKind, value: Column['value'], better?: 'low'): Column => ({
    ...{ id, title: t(`compare.columns.${id}`), group: 'cost', kind, value },
    ...(better ? { better } : {}),
  });
  return [
    cost('parameters', 'count', ({ run }) => run.parameters, 'low'),
    cost('epochs', 'count', ({ run }) => run.epochsDone),
    cost('secondsPerEpoch', 'seconds', ({ compared }) => compared?.secondsPerEpoch ?? null, 'low'),
    cost('seconds', 'seconds', ({ compared }) => compared?.seconds ?? null, 'low'),
    cost('size', 'bytes', ({ compared }) => compared?.size ?? null, 'low'),
    cost('overfits', 'count', ({ run }) => run.overfitting?.since ?? null),
  ];
}

function wordColumns(t: Say): Column[] {
  const words = (id: string, value: Column['value']): Column => {
    return { id, title: t(`compare.columns.${id}`), group: 'words', kind: 'text', value };
  };
  return [
    words('state', ({ run }) => t(`train.states.${run.state}`)),
    words('created', ({ run }) => run.created.slice(0, 16).replace('T', ' ')),
    words('tags', ({ run }) => run.tags?.join(', ') ?? null),
    words('notes', ({ run }) => run.notes ?? null),
  ];
}

const plain = (value: SettingValue) => (typeof value === 'boolean' ? String(value) : value);

/** A value as people read it. */
export function cellText(kind: ColumnKind, value: string | number | null, language: string): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  switch (kind) {
    case 'part':
      return percent(value, 2, language);
    case 'loss':
      return loss(value);
    case 'rate':
      return rate(value);
    case 'setting':
      return Number.isInteger(value) ? count(value, language) : learningRate(value);
    case 'seconds':
      return duration(value);
    case 'bytes':
      return bytes(value);
    default:
      return value < 1e6 ? count(value, language) : short(value);
  }
}

/**
 * How a value stands to the reference's: points of a per cent for shares, signed for losses, a factor for what costs.
 * Empty where there is nothing to tell.
 */
export function differenceText(
  kind: ColumnKind,
  value: string | number | null,
  reference: string | number | null,
): string {
  if (typeof value !== 'number' || typeof reference !== 'number' || value === reference) return '';
  const sign = value > reference ? '+' : '−';
  const distance = Math.abs(value - reference);
  if (kind === 'part') return `${sign}${(distance * 100).toFixed(2)}`;
  if (kind === 'loss') return `${sign}${loss(distance)}`;
  if (kind === 'seconds' || kind === 'bytes' || kind === 'count') {
    if (reference === 0) return '';
    const factor = value / reference;
    return factor === 1 ? '' : `×${Number(factor.toPrecision(3))}`;
  }
  return '';
}

/** The best value of a column among these rows; null for columns without a better end, or with one value only. */
export function bestOf(column: Column, rows: readonly ComparedRow[]): number | null {
  const values = rows.map((row) => column.value(row)).filter((value) => typeof value === 'number');
  if (!column.better || new Set(values).size < 2) return null;
  return column.better === 'low' ? Math.min(...values) : Math.max(...values);
}
