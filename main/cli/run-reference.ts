import { cp, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Engine } from '#contract/engine.ts';
import { AppError } from '#contract/failures.ts';
import { withScratch } from './scratch.ts';
import type { Task } from './task.ts';

/**
 * An engine that knows the run which `--model` names: a run of the project by its id, or a run's folder (as
 * `train --out` makes them), copied into a passing project so that its own files stay as they are.
 * Fails: `run/unknown`, `run/torn`, `project/locked`.
 */
export async function engineWithRun(task: Task, model: string): Promise<{ engine: Engine; run: string }> {
  const folder = path.resolve(model);
  const isRun = await stat(path.join(folder, 'run.json')).catch(() => null);
  if (!isRun) {
    const engine = await task.engine();
    await engine.training.run({ run: model });
    return { engine, run: model };
  }
  const run = await idOf(folder);
  const scratch = await withScratch(task, undefined, async (project) => {
    await cp(folder, path.join(project, 'runs', run), { recursive: true });
  });
  return { engine: scratch.engine, run };
}

async function idOf(folder: string): Promise<string> {
  const text = await readFile(path.join(folder, 'run.json'), 'utf8');
  const about = z.object({ id: z.string().regex(/^[\w.-]{1,128}$/) });
  const found = about.safeParse(parseJson(text));
  if (!found.success) throw new AppError('run/torn', `${folder}/run.json is not a run's file.`, { run: folder });
  return found.data.id;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
