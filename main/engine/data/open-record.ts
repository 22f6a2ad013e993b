import { AppError } from '#contract/failures.ts';
import { contentHash } from './content-hash.ts';
import { readIdxHeader } from './idx.ts';
import type { IdxDataSet } from './idx-data-set.ts';
import { loadPairs } from './load-pairs.ts';
import type { IdxPair } from './pair-files.ts';
import { dataSetOf, fileProblems, recordOf, type DataRecord } from './record.ts';

/**
 * Opens what a record speaks of. Files that look touched are hashed: if the content is the same, `stamped` is the
 * record with their new times, else it is `data/changed`, since runs were measured on what it was.
 * Fails: `data/changed`, the codes of `readIdxHeader`.
 */
export async function openRecord(record: DataRecord): Promise<{ dataSet: IdxDataSet; stamped: DataRecord }> {
  const pairs: IdxPair[] = [];
  for (const { split, images, labels } of record.pairs) {
    pairs.push({ split, images: await readIdxHeader(images.path), labels: await readIdxHeader(labels.path) });
  }
  for (const [position, { images, labels }] of pairs.entries()) {
    const { count } = record.pairs[position] ?? { count: 0 };
    const shape = [count, record.height, record.width, record.channels].join();
    const [n = 0, height = 0, width = 0, channels = 1] = images.dims;
    if ([n, height, width, channels].join() !== shape) throw changed(record, images.file);
    if (labels.dims.join() !== String(count)) throw changed(record, labels.file);
  }
  const loaded = await loadPairs(pairs);
  const dataSet = dataSetOf(record, loaded.sources);
  const [touched] = record.kind === 'mnist' ? [] : await fileProblems(record);
  if (!touched) return { dataSet, stamped: record };
  if ((await contentHash(loaded.sources)) !== record.content) throw changed(record, touched.file);
  return { dataSet, stamped: await recordOf(record, pairs, loaded) };
}

function changed({ name }: DataRecord, file: string): AppError {
  const message = `${file} of "${name}" is not what it was when it was opened.`;
  return new AppError('data/changed', message, { name, file });
}
