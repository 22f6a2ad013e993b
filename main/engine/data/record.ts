import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import {
  dataSetId,
  dataSetSummary,
  imageForm,
  split,
  splitting,
  type DataSetSummary,
  type Problem,
  type Split,
} from '#contract/data.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { dataSetHash } from './content-hash.ts';
import { edit } from './edits.ts';
import type { IdxPair } from './pair-files.ts';

const count = z.number().int().nonnegative();
const counts = z.partialRecord(split, count);
const superclasses = dataSetSummary.shape.superclasses;

/** A file as it was when its content was last hashed; the same size and time are taken for the same content. */
const stamp = z.object({ path: z.string(), size: count, modified: z.number() });
export type Stamp = z.infer<typeof stamp>;

/** What the project keeps of a data set, in `data/<id>.json`. The files stay where they are. */
export const dataRecord = z.object({
  version: z.literal(1),
  id: dataSetId,
  name: z.string(),
  kind: dataSetSummary.shape.kind,
  created: z.string(),
  height: count,
  width: count,
  channels: count,
  /** As the files have them, before any edit. */
  classes: z.array(z.string()),
  superclasses,
  /** SHA-256 of pixels and labels: `contentHash`, or the key of what was prepared. */
  content: z.string(),
  /** Of IDX files. */
  pairs: z.array(z.object({ split, count, images: stamp, labels: stamp })).default([]),
  /** Of other files: CIFAR's, text files, the folders and archives that images were prepared from. */
  files: z.array(stamp).optional(),
  /** Images in the files, by split; of IDX files the pairs say it. */
  given: counts.optional(),
  labels: z.enum(['fine', 'coarse']).optional(),
  form: imageForm.optional(),
  /** Its images lie decoded in the project (`prepared.ts`), under this key. */
  prepared: z.object({ key: z.string().regex(/^[0-9a-f]{16,64}$/), skipped: count, repaired: count }).optional(),
  edits: z.array(edit).optional(),
  /** Taken back; the last one first to be made again. */
  undone: z.array(edit).optional(),
  splitting: splitting.optional(),
  /** Edits that were there when the splits were drawn; absent = none. */
  drawnAfter: count.optional(),
  /** What edits and splitting make of it, so that a list needs no file. Absent = nothing else than is given. */
  arranged: z.object({ classes: z.array(z.string()), superclasses, splits: counts }).optional(),
});
export type DataRecord = z.infer<typeof dataRecord>;

export function summaryOf(record: DataRecord, problems: Problem[] = []): DataSetSummary {
  const { id, name, kind, height, width, channels, edits = [], undone = [], prepared } = record;
  const { classes, superclasses: groups, splits } = record.arranged ?? { ...record, splits: givenCounts(record) };
  // A set whose splits were drawn anew with no images in one of them does not have that one.
  const there = record.splitting ? Object.entries(splits).filter(([, images]) => images > 0) : Object.entries(splits);
  return {
    ...{ id, name, kind, height, width, channels, classes },
    splits: Object.fromEntries(there),
    hash: dataSetHash(record.content, { ...record, classes }),
    ...(edits.length > 0 && { edits: edits.length }),
    ...(undone.length > 0 && { undone: undone.length }),
    ...(record.form && { form: record.form }),
    ...(record.splitting && { splitting: record.splitting }),
    ...(groups && { superclasses: groups }),
    ...(prepared && prepared.skipped > 0 && { skipped: prepared.skipped }),
    ...(prepared && prepared.repaired > 0 && { repaired: prepared.repaired }),
    files: filesOf(record).map(({ path }) => path),
    problems,
  };
}

export function givenCounts({ pairs, given }: DataRecord): Partial<Record<Split, number>> {
  return given ?? Object.fromEntries(pairs.map((pair) => [pair.split, pair.count]));
}

export function filesOf(record: DataRecord): Stamp[] {
  return [...record.pairs.flatMap(({ images, labels }) => [images, labels]), ...(record.files ?? [])];
}

/** What differs between the files and their record; `problem` is a failure code, `action` what became of the set. */
export async function fileProblems(record: DataRecord): Promise<Problem[]> {
  // What was prepared does not need its files any more.
  if (record.prepared) return [];
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

export async function stampedPair(
  { split, images, labels }: IdxPair,
  count: number,
): Promise<DataRecord['pairs'][number]> {
  return { split, count, images: await stampOf(images.file), labels: await stampOf(labels.file) };
}

/** The same pixels in another shape are other images; grey images may say so with a fourth dimension of 1. */
export function idOf(
  prefix: string,
  content: string,
  shape: { height: number; width: number; channels: number },
): string {
  const { height, width, channels } = shape;
  const whole = createHash('sha256')
    .update(JSON.stringify([content, height, width, channels]))
    .digest('hex');
  return `${prefix}-${whole.slice(0, 16)}`;
}
