import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '#contract/engine.ts';
import type { ModelRef } from '#contract/models.ts';
import { resultOf } from './result-of.ts';
import { idOf, isRun } from './run-folder.ts';
import { isModelFile, modelHelp } from './run-reference.ts';
import { leftOf } from './source.ts';
import { markAsProject } from './scratch.ts';
import type { Task } from './task.ts';
import { lent } from './working-folder.ts';

export const baseHelp = `${modelHelp}; weights of the zoo are fetched unless they are here`;

/** A run's folder is lent to a passing project before its engine looks at it. */
export async function lendRun(base: string, project: string): Promise<void> {
  const folder = path.resolve(base);
  if (!(await isRun(folder))) return;
  await cp(folder, path.join(project, 'runs', `${lent}${await idOf(folder)}`), { recursive: true });
  await markAsProject(project);
}

/**
 * The model that `--base` names, in this engine's project. Fails: `run/torn`, `model/unknown`, `download/…`, and as
 * `models.open` for files.
 * @param passing the project was made for this command
 */
export async function baseIn(task: Task, engine: Engine, base: string, passing: boolean): Promise<ModelRef> {
  const file = path.resolve(base);
  if (await isRun(file)) return passing ? `${lent}${await idOf(file)}` : idOf(file);
  if (await isModelFile(base)) {
    return (await engine.models.open({ path: file }, { signal: task.signal })).ref;
  }
  const entry = (await engine.zoo.list()).find(({ id }) => id === base);
  if (entry?.here === 'no') {
    const stream = await engine.zoo.fetch({ id: base }, { signal: task.signal });
    await resultOf(stream, (progress) => {
      task.event({ kind: 'zoo', ...progress });
      const { done, total } = progress;
      const part = total === null ? '' : ` of ${(total / 1e6).toFixed(0)} MB`;
      task.progress.now(`${entry.name}: ${progress.stage} ${(done / 1e6).toFixed(0)}${part}${leftOf(progress)}`);
    });
  }
  return base;
}
