import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileFailure } from './file-failure.ts';
import type { Project } from './project.ts';

/** Places inside a project whose things can be taken away and put back. */
export type Place = 'runs' | 'data' | 'networks' | 'models' | 'saved-models' | 'films';

/**
 * Takes a run's folder, a data set's or a network's file out of the project, undoable by `fromTrash`. What lay in the
 * trash under the same name stays beside it as `name~1`, `name~2`, ….
 * Fails: `file/missing`, `file/not-writable`.
 */
export async function toTrash(project: Project, place: Place, name: string): Promise<void> {
  const there = join(project.trashFolder, place, name);
  if (existsSync(there)) await move(there, freeName(there));
  await move(join(project.folder, place, name), there);
}

/** Puts back what `toTrash` took last. Fails: `file/missing` when it is not in the trash, `file/not-writable`. */
export async function fromTrash(project: Project, place: Place, name: string): Promise<void> {
  const back = join(project.folder, place, name);
  if (existsSync(back)) {
    const taken = Object.assign(new Error(`${back} exists`), { code: 'EEXIST' });
    throw fileFailure(taken, back, 'writing');
  }
  await move(join(project.trashFolder, place, name), back);
}

function freeName(path: string): string {
  let number = 1;
  while (existsSync(`${path}~${number}`)) number++;
  return `${path}~${number}`;
}

async function move(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  } catch (error) {
    throw fileFailure(error, from, 'writing');
  }
}
