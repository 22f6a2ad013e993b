import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DataSetSummary } from '#contract/data.ts';
import type { Engine } from '#contract/engine.ts';
import { AppError } from '#contract/failures.ts';

/**
 * The data set that `--data` names: `mnist`, files or folders (opened in the engine's project), or the id of one that
 * the project already has. Fails: `data/…`, `file/…`.
 */
export async function dataSetFrom(engine: Engine, sources: readonly string[]): Promise<DataSetSummary> {
  const [first = ''] = sources;
  const paths = sources.map((source) => path.resolve(source));
  if (sources.length === 1 && !existsSync(path.resolve(first))) {
    const listed = (await engine.data.list()).find(({ id }) => id === first);
    if (listed) return listed;
    if (!first.includes('/') && !first.includes('\\') && !first.includes('.')) {
      throw new AppError('data/unknown-set', `There is no data set "${first}", and no such file.`, { dataset: first });
    }
  }
  return engine.data.open({ paths });
}
