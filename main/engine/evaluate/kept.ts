import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { evaluationReport, type EvaluationReport } from '#contract/evaluation.ts';
import type { Predictions } from '#engine/data/data-set.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { predictedClasses } from './report.ts';

/** `evaluation/<split>.json`; the probabilities lie beside it in `<split>.f32`, little-endian float32, [image, class]. */
const keptFile = z.object({
  version: z.literal(1),
  report: evaluationReport,
  /** The limit it was measured with; absent = all images. */
  limit: z.number().int().optional(),
  /** SHA-256 of the .f32 file, hex: the two files are replaced one after the other. */
  probabilities: z.object({ sha256: z.string(), rows: z.number().int(), classes: z.number().int() }),
  /** Index within the split of each row; absent when rows are the first images in order. */
  indices: z.array(z.number().int()).optional(),
});

export interface Kept {
  readonly report: EvaluationReport;
  readonly limit?: number;
  /** The same object at each asking, so that what is made of it can be kept by it. */
  readonly predictions: Predictions;
}

/** Writes both files, each whole or not at all; the report last, so that it never speaks of figures not yet there. */
export async function keep(folder: string, name: string, kept: Kept): Promise<void> {
  await mkdir(path.join(folder, 'evaluation'), { recursive: true });
  const { report, limit } = kept;
  const { probabilities, indices } = kept.predictions;
  const bytes = Buffer.from(probabilities.buffer, probabilities.byteOffset, probabilities.byteLength);
  const file: z.infer<typeof keptFile> = {
    version: 1,
    report,
    ...(limit === undefined ? {} : { limit }),
    probabilities: { sha256: sha256(bytes), rows: report.count, classes: report.perClass.length },
    ...(indices ? { indices: [...indices] } : {}),
  };
  await writeAtomic(fileOf(folder, name, 'f32'), bytes);
  await writeAtomic(fileOf(folder, name, 'json'), `${JSON.stringify(file)}\n`);
}

/** What was kept; null where there is nothing, or where the two files do not belong together. */
export async function readKept(folder: string, name: string): Promise<Kept | null> {
  const [text, bytes] = await Promise.all([
    readFile(fileOf(folder, name, 'json'), 'utf8').catch(() => null),
    readFile(fileOf(folder, name, 'f32')).catch(() => null),
  ]);
  if (text === null || bytes === null) return null;
  const parsed = keptFile.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { report, limit, probabilities: about, indices } = parsed.data;
  if (bytes.byteLength !== about.rows * about.classes * 4 || sha256(bytes) !== about.sha256) return null;
  const probabilities = new Float32Array(new Uint8Array(bytes).buffer);
  const { revision } = report;
  const rows = indices ? { indices: Uint32Array.from(indices) } : {};
  const predicted = predictedClasses(probabilities, about.classes);
  return {
    report,
    ...(limit === undefined ? {} : { limit }),
    predictions: { revision, ...rows, predicted, probabilities, classes: about.classes },
  };
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
