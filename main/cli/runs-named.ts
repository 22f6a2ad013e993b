import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '#contract/engine.ts';
import { idOf, isRun } from './run-folder.ts';
import { withScratch } from './scratch.ts';
import type { Task } from './task.ts';

/**
 * An engine that knows all the runs named: by id or name in the project, or by folder (as `train --out` makes them), which
 * are then copied into a passing project with the others. None named = all of the project.
 * Fails: `run/unknown`, `run/torn`, `project/locked`.
 */
export async function engineWithRuns(
  task: Task,
  names: readonly string[],
): Promise<{ engine: Engine; runs: readonly string[] }> {
  const found = await Promise.all(names.map(async (name) => ({ name, isFolder: await isRun(path.resolve(name)) })));
  const named = found.filter(({ isFolder }) => !isFolder);
  const engine = named.length > 0 || names.length === 0 ? await task.engine() : null;
  const listed = engine ? await engine.training.runs() : [];
  const idIn = (name: string) => listed.find((run) => run.id === name || run.name === name)?.id ?? name;
  if (engine && named.length === found.length) {
    const runs = names.length === 0 ? listed.map(({ id }) => id) : names.map(idIn);
    return { engine, runs };
  }
  const folders: { folder: string; id: string }[] = [];
  for (const { name, isFolder } of found) {
    if (isFolder) folders.push({ folder: path.resolve(name), id: await idOf(path.resolve(name)) });
    else if (engine) folders.push({ folder: (await engine.training.run({ run: idIn(name) })).folder, id: idIn(name) });
  }
  // Copies of one run have one id: the folder's name is what tells them apart.
  const runs = folders.map(({ id }, place) => {
    const before = folders.slice(0, place).filter((other) => other.id === id).length;
    return before === 0 ? id : `${id}-copy-${before + 1}`;
  });
  const scratch = await withScratch(task, undefined, async (project) => {
    for (const [place, { folder }] of folders.entries()) {
      await cp(folder, path.join(project, 'runs', runs[place] ?? ''), { recursive: true });
    }
  });
  return { engine: scratch.engine, runs };
}
