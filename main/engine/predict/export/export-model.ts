import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import type { ExportChecked, ExportOptions, ExportProgress, ExportResult, KnownModel } from '#contract/models.ts';
import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { temporaryName } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import { requireEmpty, sizeOf } from './export-place.ts';
import type { Models } from '../models.ts';
import { checkedImages, imagesFor } from './check-images.ts';
import { folderFormats, refuseEnding, writerOf } from './format-writers.ts';
import { differenceOf, probabilitiesOf } from './probabilities.ts';
import { readBack } from './read-back.ts';
import { runTraining } from './run-training.ts';

export interface ExportParts {
  readonly models: Pick<Models, 'known' | 'portable' | 'use'>;
  readonly runs: { list(): readonly RunSummary[]; folder(id: string): string };
  /** Fails: `data/unknown-set`. */
  dataset(id: string): Promise<DataSet>;
}

/** Probabilities further apart than this are another model's. */
const mostApart = 1e-4;
/** Images asked about at once. */
const together = 8;

/**
 * Writes a model beside its place, reads it back, compares what both answer, and only then gives it its name. Left or
 * failed, nothing is there that was not before.
 * Fails: `model/unknown`, `model/cannot-write`, `model/export-differs`, `call/invalid` for a name of another ending,
 * `project/folder-not-empty` for a format of several files, `file/no-space`, `file/not-writable`.
 */
export async function* exportModel(
  parts: ExportParts,
  options: ExportOptions,
  signal?: AbortSignal,
): AsyncGenerator<ExportProgress, ExportResult> {
  const { format } = options;
  const path = resolve(options.path);
  refuseEnding(format, basename(path));
  yield { stage: 'reading', done: 0, total: 1 };
  const known = await parts.models.known(options.model);
  const model = await withTraining(parts, options, await parts.models.portable(options.model));
  const isFolder = folderFormats.includes(format);
  if (isFolder) await requireEmpty(path);
  yield { stage: 'writing', done: 0, total: 1 };
  // A folder beside it: what is in it bears its last name, by which readers tell formats apart.
  const aside = temporaryName(path);
  const temporary = join(aside, basename(path));
  try {
    await mkdir(aside, { recursive: true });
    const written = await writerOf(format, basename(path)).write(
      model,
      temporary,
      {
        pixels: options.pixels ?? 'inside',
        optimizer: options.optimizer ?? format === 'keras',
        weights: options.weights ?? 'variables',
      },
      signal,
    );
    yield { stage: 'checking', done: 0, total: checkedImages };
    const checked = yield* compared(parts, { ...options, path: temporary }, known, model, signal);
    signal?.throwIfAborted();
    const bytes = await sizeOf(temporary);
    if (isFolder) await ifPresent(rmdir(path)); // Windows renames onto no folder, not even an empty one
    await rename(temporary, path);
    return { file: path, bytes, checked, notes: [...written.notes] };
  } catch (thrown) {
    if (signal?.aborted || !(thrown as NodeJS.ErrnoException).syscall) throw thrown;
    throw fileFailure(thrown, path, 'writing');
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function* compared(
  { models, dataset }: ExportParts,
  { model: ref, format, path }: ExportOptions,
  known: KnownModel,
  model: PortableModel,
  signal?: AbortSignal,
): AsyncGenerator<ExportProgress, ExportChecked | null> {
  const read = await readBack(format)(path, model, signal);
  if (!read) return null;
  try {
    const pixels = await imagesFor(known, dataset);
    const bytes = pixels.length / checkedImages;
    let [furthest, agree] = [0, 0];
    for (let from = 0; from < checkedImages; from += together) {
      signal?.throwIfAborted();
      const some = pixels.subarray(from * bytes, (from + together) * bytes);
      const ours = await models.use(ref, ({ inference }) =>
        probabilitiesOf(inference.logits(some, together), together),
      );
      await breathe();
      const found = differenceOf(ours, read.answers(some, together), together);
      furthest = Math.max(furthest, found.furthest);
      agree += found.agree;
      yield { stage: 'checking', done: from + together, total: checkedImages };
      await breathe();
    }
    if (furthest > mostApart) throw differs(format, furthest);
    return { images: checkedImages, maxDifference: furthest, agree, by: read.by };
  } finally {
    read.dispose();
  }
}

/** Of a run, with the state of its optimizer, where that is known. */
async function withTraining(
  { runs }: ExportParts,
  { model: ref, optimizer }: ExportOptions,
  model: PortableModel,
): Promise<PortableModel> {
  if (optimizer === false) return without(model);
  const [id = ''] = ref.split('@');
  const run = runs.list().find((each) => each.id === id);
  if (!run || model.training) return model;
  const training = await runTraining(run, runs.folder(id), model.weights);
  return training ? { ...model, training } : model;
}

function without({ spec, pixels, classes, weights }: PortableModel): PortableModel {
  return { spec, pixels, classes, weights };
}

function differs(format: string, furthest: number): AppError {
  const difference = furthest.toPrecision(2);
  const message = `The ${format} file was written but answers differently when read back (by ${difference}); it was not kept.`;
  return new AppError('model/export-differs', message, { format, difference });
}
