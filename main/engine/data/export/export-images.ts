import { split as splitNames, type Split, type WorkProgress } from '#contract/data.ts';
import type { DataSet } from '../data-set.ts';
import { withProgress } from '../progress.ts';
import { writeFolder } from './write-folder.ts';
import { writeText } from './write-text.ts';

export interface ExportOptions {
  readonly to: 'text' | 'folder';
  readonly folder: string;
  /** Only the first images of the split; 0 = the split is left out. Absent = all. */
  readonly train?: number | undefined;
  readonly test?: number | undefined;
}

/** How many of the first images of a split are written. */
export interface Share {
  readonly split: Split;
  readonly count: number;
}

/**
 * Writes images to files outside of the project. Cancelled or failed, nothing is left of it.
 * Fails: `file/no-space`, `file/not-writable`, `project/folder-not-empty` where a folder of images would mix with others.
 */
export function exportImages(
  dataSet: DataSet,
  options: ExportOptions,
  signal?: AbortSignal,
): AsyncGenerator<WorkProgress, { files: string[] }> {
  const shares = sharesOf(dataSet, options);
  const write = options.to === 'text' ? writeText : writeFolder;
  return withProgress(signal, async (tell, stopping) => ({
    files: await write(dataSet, shares, options.folder, tell, stopping),
  }));
}

function sharesOf(dataSet: DataSet, { train, test }: ExportOptions): Share[] {
  const most: Partial<Record<Split, number | undefined>> = { train, test };
  return splitNames.options
    .map((split) => ({ split, count: Math.min(dataSet.source(split)?.count ?? 0, most[split] ?? Infinity) }))
    .filter(({ count }) => count > 0);
}
