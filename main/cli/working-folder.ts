import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Engine } from '#contract/engine.ts';
import { AppError } from '#contract/failures.ts';
import { hasCheckpoint, idOf, isRun, keepRun, placeForRun } from './run-folder.ts';
import { markAsProject } from './scratch.ts';
import type { Task } from './task.ts';

/** An engine whose command was killed ends by itself within so many milliseconds. */
const patience = 10_000;

export interface WorkingFolder {
  readonly engine: Engine;
  /** The run that is to go on; null where there is none. */
  readonly found: string | null;
  /** Gives the run its place; an earlier one there goes. */
  keep(): Promise<void>;
}

/**
 * An engine with a passing project beside `folder`, `.heatlens-<its name>`, in which the run for `folder` is made. A
 * command that is killed leaves that project, and `resume` finds it. One that ends by itself leaves nothing beside: it
 * keeps the run if anything was trained, and then says how to go on.
 *
 * @param begins hears of the project's folder before its engine does
 * @param resume go on with the run that was left, or else with the one at `folder`
 * Fails: `project/folder-not-empty`, `project/locked`, `run/torn`, `file/not-writable`.
 */
export async function openWorkingFolder(
  task: Task,
  folder: string,
  resume: boolean,
  begins: (project: string) => Promise<void> = () => Promise.resolve(),
): Promise<WorkingFolder> {
  const project = path.join(path.dirname(folder), `.heatlens-${path.basename(folder)}`);
  if (!resume || !(await isRun(folder))) await placeForRun(folder);
  await untilFree(project);
  let found = await newestRun(project);
  if (found && !resume) {
    const details = { folder: project };
    throw new AppError('project/folder-not-empty', `${project} has a run that was interrupted.`, details);
  }
  if (!found) {
    await rm(project, { recursive: true, force: true });
    if (resume && (await isRun(folder))) found = await copyInto(project, folder);
  }
  const keep = async (): Promise<boolean> => {
    const run = await newestRun(project);
    if (run) await keepRun(path.join(project, 'runs', run), folder, path.join(project, 'replaced'));
    await rm(project, { recursive: true, force: true });
    return run !== null;
  };
  let kept = false;
  task.atEnd(async () => {
    if (kept) return rm(project, { recursive: true, force: true });
    if (await keep()) task.progress.line(`Kept in ${folder}. To go on: heatlens train --resume --out ${folder}`);
  });
  await mkdir(project, { recursive: true });
  if (!found) await begins(project);
  const engine = await task.engine(project);
  return { engine, found, keep: async () => void (kept = await keep()) };
}

/** How the name begins of a run that only lends its weights. */
export const lent = 'base-';

/** The run of a passing project, if anything was trained in it. */
async function newestRun(project: string): Promise<string | null> {
  const runs = (await readdir(path.join(project, 'runs')).catch(() => [])).sort().reverse();
  for (const run of runs.filter((name) => !name.startsWith(lent)))
    if (await hasCheckpoint(path.join(project, 'runs', run))) return run;
  return null;
}

/** A copy: the run at `folder` stays what it is until it has gone on. */
async function copyInto(project: string, folder: string): Promise<string> {
  const id = await idOf(folder);
  await cp(folder, path.join(project, 'runs', id), { recursive: true });
  await markAsProject(project);
  return id;
}

/** Fails with `project/locked` while another process works in this project. */
async function untilFree(project: string): Promise<void> {
  const until = performance.now() + patience;
  while (await isHeld(project)) {
    if (performance.now() > until) {
      const details = { folder: project, host: 'this computer' };
      throw new AppError('project/locked', `Another process works in ${project}.`, details);
    }
    await after(100);
  }
}

/** Whether the engine that wrote the project's lock lives. */
async function isHeld(project: string): Promise<boolean> {
  const text = await readFile(path.join(project, 'engine.lock'), 'utf8').catch(() => '');
  const [, pid] = /"pid":\s*(\d+)/.exec(text) ?? [];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
