import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from './session.ts';
import type { Task } from './task.ts';

/**
 * An engine with a project of its own that lasts as long as the task: nothing of the person's projects is touched, and
 * it works while the window has one of them open.
 *
 * @param beside where the project's folder is made; the system's place for temporary things without it
 * @param prepare puts things into the project before it is opened
 */
export async function withScratch(
  task: Task,
  beside = tmpdir(),
  prepare?: (project: string) => Promise<void>,
): Promise<Omit<Connection, 'close'> & { folder: string }> {
  const folder = await mkdtemp(path.join(beside, '.heatlens-'));
  task.atEnd(() => rm(folder, { recursive: true, force: true }));
  if (prepare) {
    await prepare(folder);
    await markAsProject(folder);
  }
  const { engine, picture } = await task.connection(folder);
  return { engine, picture, folder };
}

/** A folder with something in it is taken for a project only by this file. */
export async function markAsProject(folder: string): Promise<void> {
  const about = { version: 1, name: path.basename(folder), created: new Date().toISOString() };
  await writeFile(path.join(folder, 'project.json'), JSON.stringify(about));
}
