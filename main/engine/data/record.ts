import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { dataSetId, split, type DataSetSummary, type Problem } from '#contract/data.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { dataSetHash } from './content-hash.ts';
import { applyEdits, edit, excludedCount } from './edits.ts';
import { IdxDataSet } from './idx-data-set.ts';
import type { LoadedPairs } from './load-pairs.ts';
import type { IdxPair } from './pair-files.ts';

const count = z.number().int().nonnegative();

/** A file as it was when its content was last hashed; the same size and time are taken for the same content. */
const stamp = z.object({ path: z.string(), size: count, modified: z.number() });
type Stamp = z.infer<typeof stamp>;

/** What the project keeps of a data set, in `data/<id>.json`. The files stay where they are. */
export const dataRecord = z.object({
  version: z.literal(1),
  id: dataSetId,
  name: z.string(),
  kind: z.enum(['mnist', 'idx', 'drawings']),
  created: z.string(),
  height: count,
  width: count,
  channels: count,
  classes: z.array(z.string()),
  /** SHA-256 of pixels and labels: `contentHash`. */
  content: z.string(),
  pairs: z.array(z.object({ split, count, images: stamp, labels: stamp })),
  edits: z.array(edit).optional(),
});
export type DataRecord = z.infer<typeof dataRecord>;

export function summaryOf(record: DataRecord, problems: Problem[] = []): DataSetSummary {
  const { id, name, kind, height, width, channels, classes, edits = [] } = record;
  return {
    ...{ id, name, kind, height, width, channels, classes },
    splits: Object.fromEntries(record.pairs.map((pair) => [pair.split, pair.count - excludedCount(pair.split, edits)])),
    hash: dataSetHash(record.content, record),
    ...(edits.length > 0 && { edits: edits.length }),
    files: filesOf(record).map(({ path }) => path),
    problems,
  };
}

/** The data set that a record means, from the images of its files. */
export function dataSetOf(record: DataRecord, sources: LoadedPairs['sources']): IdxDataSet {
  return new IdxDataSet(summaryOf(record), applyEdits(sources, record.edits ?? []));
}

export function filesOf(record: DataRecord): Stamp[] {
  return record.pairs.flatMap(({ images, labels }) => [images, labels]);
}

/** What differs between the files and their record; `problem` is a failure code, `action` what became of the set. */
export async function fileProblems(record: DataRecord): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const known of filesOf(record)) {
    try {
      const now = await stampOf(known.path);
      const same = now.size === known.size && now.modified === known.modified;
      if (!same) problems.push({ file: known.path, problem: 'data/changed', action: 'listed' });
    } catch (error) {
      problems.push({ file: known.path, problem: fileFailure(error, known.path, 'reading').code, action: 'listed' });
    }
  }
  return problems;
}

export async function stampOf(path: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(path);
  return { path, size, modified: Math.round(mtimeMs) };
}

type Given = Pick<DataRecord, 'id' | 'name' | 'kind' | 'created' | 'classes' | 'content'> & {
  readonly edits?: DataRecord['edits'];
};

export async function recordOf(given: Given, pairs: readonly IdxPair[], loaded: LoadedPairs): Promise<DataRecord> {
  const [, height = 0, width = 0, channels = 1] = pairs[0]?.images.dims ?? [];
  const kept: DataRecord['pairs'] = [];
  for (const { split, images, labels } of pairs) {
    const number = loaded.sources.get(split)?.count ?? 0;
    kept.push({ split, count: number, images: await stampOf(images.file), labels: await stampOf(labels.file) });
  }
  const { edits, ...rest } = given;
  return { version: 1, ...rest, height, width, channels, pairs: kept, ...(edits && { edits }) };
}
