import { cp, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '#contract/engine.ts';
import type { ClassName, ModelRef, PixelTreatment } from '#contract/models.ts';
import { idOf, isRun } from './run-folder.ts';
import { withScratch } from './scratch.ts';
import type { Task } from './task.ts';

export const modelHelp =
  'a run of the project (see `runs`) or the folder of one, a model file, or a model of the zoo (see `zoo`)';

/** What a model file does not say of itself. */
export interface FileWords {
  /** Of weights alone: the network they belong to. */
  readonly network?: string;
  readonly pixels?: PixelTreatment;
  readonly classes?: ClassName[] | 'imagenet';
}

/**
 * An engine that knows the model which `--model` names, and that model's reference there: a run's folder, a model file
 * or folder (both in a passing project), or a run, a model from a file or a model of the zoo by its id.
 * Fails: `run/unknown`, `run/torn`, `project/locked`; as `models.open` for files; `model/unknown`.
 */
export async function engineWithModel(
  task: Task,
  model: string,
  words: FileWords = {},
): Promise<{ engine: Engine; model: ModelRef }> {
  const file = path.resolve(model);
  if (await isRun(file)) {
    const { engine, run } = await withRunFolder(task, file);
    return { engine, model: run };
  }
  if (await isModelFile(model)) {
    const { engine } = await withScratch(task);
    const { ref } = await engine.models.open({ path: file, ...words }, { signal: task.signal });
    return { engine, model: ref };
  }
  const engine = await task.engine();
  await engine.models.classes({ model });
  return { engine, model };
}

/** The name of a folder that happens to be that of a model of the zoo is taken for the model, unless it is written as a path. */
export async function isModelFile(model: string): Promise<boolean> {
  const found = await stat(model).catch(() => null);
  return found !== null && (found.isFile() || /[\\/.]/.test(model));
}

async function withRunFolder(task: Task, folder: string): Promise<{ engine: Engine; run: string }> {
  const run = await idOf(folder);
  const scratch = await withScratch(task, undefined, async (project) => {
    await cp(folder, path.join(project, 'runs', run), { recursive: true });
  });
  return { engine: scratch.engine, run };
}
