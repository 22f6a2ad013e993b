import type { WorkProgress } from '#contract/data.ts';
import type { DataSet } from '../data-set.ts';
import { withProgress } from '../progress.ts';
import { sharesOf } from './share.ts';
import { writeFolder } from './write-folder.ts';
import { writeText } from './write-text.ts';

export interface ExportOptions {
  readonly to: 'text' | 'folder';
  readonly folder: string;
  /** Only the first images of the split; 0 = the split is left out. Absent = all. */
  readonly train?: number | undefined;
  readonly test?: number | undefined;
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
  const { train, test } = options;
  const shares = sharesOf(dataSet, { train, test });
  const write = options.to === 'text' ? writeText : writeFolder;
  return withProgress(signal, async (tell, stopping) => ({
    files: await write(dataSet, shares, options.folder, tell, stopping),
  }));
}
