import type { FileOddity, ImportRow } from '#contract/data.ts';

export interface OddSum {
  readonly oddity: FileOddity;
  readonly outcome: ImportRow['outcome'];
  readonly files: number;
}

/** How many files were odd in which way, what was skipped first, then the commonest. */
export function oddSums(rows: readonly ImportRow[]): OddSum[] {
  const sums = new Map<string, OddSum>();
  for (const { oddity, outcome } of rows) {
    const key = `${oddity} ${outcome}`;
    sums.set(key, { oddity, outcome, files: (sums.get(key)?.files ?? 0) + 1 });
  }
  const rank = { skipped: 0, repaired: 1, used: 2 };
  return [...sums.values()].sort((a, b) => rank[a.outcome] - rank[b.outcome] || b.files - a.files);
}

export interface RowFilter {
  readonly oddity: FileOddity | 'all';
  readonly outcome: ImportRow['outcome'] | 'all';
  /** Part of the file's name. */
  readonly text: string;
}

export function filteredRows(rows: readonly ImportRow[], { oddity, outcome, text }: RowFilter): readonly ImportRow[] {
  const part = text.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (oddity === 'all' || row.oddity === oddity) &&
      (outcome === 'all' || row.outcome === outcome) &&
      row.file.toLowerCase().includes(part),
  );
}
