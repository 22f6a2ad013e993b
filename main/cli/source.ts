import { existsSync } from 'node:fs';
import path from 'node:path';
import { famousSet, type DataSetSummary, type ImportEvent, type WorkProgress } from '#contract/data.ts';
import type { Engine } from '#contract/engine.ts';
import type { ModelRef } from '#contract/models.ts';
import { AppError } from '#contract/failures.ts';
import { importOptionsFrom, type ImportTexts } from './import-options.ts';
import { duration, whole } from './output.ts';
import { resultOf } from './result-of.ts';
import type { Task } from './task.ts';

/**
 * The data set that `--data` names: one that the project already has by its id, a famous one (fetched unless it is
 * here), or files and folders, which are imported. Fails: `data/…`, `download/…`, `file/…`.
 */
export async function dataSetFrom(
  task: Task,
  engine: Engine,
  sources: readonly string[],
  texts: ImportTexts = {},
): Promise<DataSetSummary> {
  const [first = ''] = sources;
  const paths = sources.map((source) => path.resolve(source));
  if (sources.length === 1 && !existsSync(path.resolve(first))) {
    const listed = (await engine.data.list()).find(({ id }) => id === first);
    if (listed) return listed;
    const famous = famousSet.shape.id.safeParse(first);
    if (famous.success) return fetched(task, engine, famous.data);
    if (!first.includes('/') && !first.includes('\\') && !first.includes('.')) {
      throw new AppError('data/unknown-set', `There is no data set "${first}", and no such file.`, { dataset: first });
    }
  }
  const options = await importOptionsFrom(texts, engine, paths);
  const stream = await engine.data.import({ paths, ...(options && { options }) }, { signal: task.signal });
  return resultOf(stream, (event) => tellImport(task, event));
}

/** The same; photos come to the model's size and fit unless something else was said. */
export async function dataSetFor(
  task: Task,
  engine: Engine,
  model: ModelRef,
  sources: readonly string[],
  texts: ImportTexts = {},
): Promise<DataSetSummary> {
  const paths = sources.map((source) => path.resolve(source));
  const photos = paths.every((file) => existsSync(file)) && (await engine.data.look({ paths })).suggested.form;
  const known = photos ? (await engine.models.list()).find(({ ref }) => ref === model) : undefined;
  if (!known || texts.size) return dataSetFrom(task, engine, sources, texts);
  const { height, width, channels, fit } = known;
  const form = { size: { height, width }, channels: channels === 1 ? 1 : 3, fit } as const;
  return dataSetFrom(task, engine, sources, { ...form, ...texts });
}

async function fetched(task: Task, engine: Engine, id: (typeof famousSet.shape.id.options)[number]) {
  const stream = await engine.data.download({ id }, { signal: task.signal });
  return resultOf(stream, (progress) => {
    task.event({ kind: 'download', ...progress });
    task.progress.now(`fetching ${id}: ${megabytes(progress.done)} of ${megabytes(progress.total)}${leftOf(progress)}`);
  });
}

function tellImport(task: Task, event: ImportEvent): void {
  task.event(event.kind === 'progress' ? { ...event, kind: 'import' } : event);
  if (event.kind === 'listed') {
    task.progress.now(`${whole(event.images)} images in ${whole(event.classes)} classes`);
    return;
  }
  const { done, total, skipped, imagesPerSecond } = event;
  const odd = skipped > 0 ? ` · ${whole(skipped)} skipped` : '';
  task.progress.now(`${whole(done)} of ${whole(total)} images · ${whole(imagesPerSecond)}/s${odd}${leftOf(event)}`);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** ` · 3 min left`, where it is known. */
export const leftOf = ({ secondsLeft }: Pick<WorkProgress, 'secondsLeft'>): string =>
  secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`;
