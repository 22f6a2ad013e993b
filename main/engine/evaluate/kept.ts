import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { evaluationReport, type EvaluationReport } from '#contract/evaluation.ts';
import type { Predictions } from '#engine/data/data-set.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { predictedClasses } from './report.ts';

/** `evaluation/<split>.json`; the probabilities lie beside it in `<split>.f32`, little-endian float32, [image, class]. */
const keptFile = z.object({
  /** 1 had the confusion matrix in full; such reports are measured anew. */
  version: z.literal(2),
  report: evaluationReport,
  /** The limit it was measured with; absent = all images. */
  limit: z.number().int().optional(),
  /** SHA-256 of the .f32 file, hex. */
  probabilities: z.object({ sha256: z.string(), rows: z.number().int(), classes: z.number().int() }),
  /** Index within the split of each row; absent when rows are the first images in order. */
  indices: z.array(z.number().int()).optional(),
});

/** A report as it lies on disk; the probabilities, 200 MB for 50,000 images of 1,000 classes, are read when needed. */
export interface Kept {
  readonly report: EvaluationReport;
  readonly limit?: number;
  /** Null where the file is not the one that was written. */
  predictions(): Promise<Predictions | null>;
}

export interface Measured {
  readonly report: EvaluationReport;
  readonly limit?: number;
  readonly predictions: Predictions;
}

/**
 * Writes both files, each whole or not at all. The earlier report goes first and the new one comes last, so that none
 * ever speaks of other figures than those beside it.
 */
export async function keep(folder: string, name: string, { report, limit, predictions }: Measured): Promise<void> {
  await mkdir(path.join(folder, 'evaluation'), { recursive: true });
  const { probabilities, indices } = predictions;
  const bytes = Buffer.from(probabilities.buffer, probabilities.byteOffset, probabilities.byteLength);
  const file: z.infer<typeof keptFile> = {
    version: 2,
    report,
    ...(limit === undefined ? {} : { limit }),
    probabilities: { sha256: sha256(bytes), rows: report.count, classes: predictions.classes },
    ...(indices ? { indices: [...indices] } : {}),
  };
  await rm(fileOf(folder, name, 'json'), { force: true });
  await writeAtomic(fileOf(folder, name, 'f32'), bytes);
  await writeAtomic(fileOf(folder, name, 'json'), `${JSON.stringify(file)}\n`);
}

/** What was kept; null where there is nothing, or where the two files do not belong together. */
export async function readKept(folder: string, name: string): Promise<Kept | null> {
  const [text, size] = await Promise.all([
    readFile(fileOf(folder, name, 'json'), 'utf8').catch(() => null),
    stat(fileOf(folder, name, 'f32')).then(
      (found) => found.size,
      () => null,
    ),
  ]);
  if (text === null || size === null) return null;
  const parsed = keptFile.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { report, limit, probabilities: about, indices } = parsed.data;
  if (size !== about.rows * about.classes * 4) return null;
  return {
    report,
    ...(limit === undefined ? {} : { limit }),
    predictions: async () => {
      const bytes = await readFile(fileOf(folder, name, 'f32')).catch(() => null);
      if (!bytes || sha256(bytes) !== about.sha256) return null;
      const probabilities = floatsOf(bytes);
      const rows = indices ? { indices: Uint32Array.from(indices) } : {};
      const predicted = predictedClasses(probabilities, about.classes);
      return { revision: report.revision, ...rows, predicted, probabilities, classes: about.classes };
    },
  };
}

/** Without a copy where the bytes begin at a multiple of four. */
function floatsOf(bytes: Buffer): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

const fileOf = (folder: string, name: string, ending: 'json' | 'f32') =>
  path.join(folder, 'evaluation', `${name}.${ending}`);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
