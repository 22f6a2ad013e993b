import type { Column, ComparedRow } from './compared-columns.ts';

export interface RowFilter {
  readonly text: string;
  readonly tag: string;
  /** Id of a data set; empty = any. */
  readonly dataset: string;
}

/** Whether each word of the text is in its name, network, data, tags or notes. */
export function matches({ run }: Pick<ComparedRow, 'run'>, { text, tag, dataset }: RowFilter): boolean {
  if (tag !== '' && !run.tags?.includes(tag)) return false;
  if (dataset !== '' && run.settings.dataset !== dataset) return false;
  const words = [run.name, run.presetName, run.datasetName, run.notes ?? '', ...(run.tags ?? [])]
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

export interface Order {
  readonly column: Column | undefined;
  readonly down: boolean;
  readonly pinned: ReadonlySet<string>;
}

/** Pinned rows first, each part in the column's order; what has no value comes last, whichever way it goes. */
export function ordered(rows: readonly ComparedRow[], { column, down, pinned }: Order): ComparedRow[] {
  const sorted = column ? [...rows].sort((a, b) => compare(column.value(a), column.value(b), down)) : [...rows];
  return [...sorted.filter(({ run }) => pinned.has(run.id)), ...sorted.filter(({ run }) => !pinned.has(run.id))];
}

function compare(a: string | number | null, b: string | number | null, down: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const way = down ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return way * (a - b);
  return way * String(a).localeCompare(String(b), undefined, { numeric: true });
}
