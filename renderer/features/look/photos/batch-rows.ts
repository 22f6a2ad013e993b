import type { BatchRow } from '#contract/prediction.ts';
import type { TableData } from '#ui/table-save.ts';

export interface BatchSort {
  readonly column: 'file' | 'class' | 'probability';
  readonly down: boolean;
}

export interface BatchFilter {
  /** Only photos of this likeliest class; null = all. */
  readonly of: string | null;
  /** `unsure`: only those whose likeliest class is below the threshold; `odd`: only files without an answer. */
  readonly only: 'all' | 'unsure' | 'odd';
  /** 0…1 */
  readonly threshold: number;
}

/** The file's name without its folders. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}

export function filteredRows(rows: readonly BatchRow[], { of, only, threshold }: BatchFilter): BatchRow[] {
  return rows.filter(({ top, failure }) => {
    const [best] = top;
    if (of !== null && best?.label !== of) return false;
    if (only === 'odd') return failure !== undefined;
    return only === 'all' || (best !== undefined && best.probability < threshold);
  });
}

/** Rows without an answer come last, whichever way. */
export function sortedRows(
  rows: readonly BatchRow[],
  sort: BatchSort | null,
  nameOf: (row: BatchRow) => string = ({ file }) => fileName(file),
): BatchRow[] {
  if (!sort) return [...rows];
  const { column, down } = sort;
  const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [first, second] = [a.top[0], b.top[0]];
    if (column === 'file') return sign * words.compare(nameOf(a), nameOf(b));
    if (!first || !second) return Number(!first) - Number(!second);
    if (column === 'class') return sign * words.compare(first.label, second.label);
    return sign * (first.probability - second.probability);
  });
}

/** Likeliest classes with how many photos have them, the commonest first. */
export function classCounts(rows: readonly BatchRow[]): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { top } of rows) {
    const [best] = top;
    if (best) counts.set(best.label, (counts.get(best.label) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
}

/** As it is saved: the whole path, all classes that were kept, or the reason why there are none. */
export function batchData(rows: readonly BatchRow[], top: number): TableData {
  const ranks = Array.from({ length: top }, (_, at) => at + 1);
  return {
    columns: ['file', ...ranks.flatMap((rank) => [`class_${rank}`, `id_${rank}`, `p_${rank}`]), 'problem'],
    rows: rows.map(({ file, top: classes, failure }) => [
      file,
      ...ranks.flatMap((rank) => {
        const one = classes[rank - 1];
        return [one?.label ?? null, one?.id ?? null, one?.probability ?? null];
      }),
      failure?.message ?? null,
    ]),
  };
}
