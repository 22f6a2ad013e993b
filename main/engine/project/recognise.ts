import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { openPromise } from 'yauzl';
import { defaultProjectFolder } from './default-folder.ts';
import { ifPresent } from './file-failure.ts';
import { projectFile } from './project.ts';

export type ProjectPlace = 'folder' | 'archive' | 'neither';

/** Entries of an archive that are looked at for `project.json`; ours come in the order of the file system. */
const mostLooked = 20_000;

/** What lies at a path: the folder of a project, or its archive, whatever their names are. Never fails. */
export async function recogniseProject(path: string): Promise<ProjectPlace> {
  try {
    const found = await ifPresent(stat(path));
    if (found?.isDirectory()) return existsSync(join(path, projectFile)) ? 'folder' : 'neither';
    return found?.isFile() && (await holdsProject(path)) ? 'archive' : 'neither';
  } catch {
    return 'neither';
  }
}

async function holdsProject(file: string): Promise<boolean> {
  const zip = await openPromise(file, { strictFileNames: true });
  try {
    let looked = 0;
    for await (const { fileName } of zip.eachEntry()) {
      if (fileName === projectFile) return true;
      if (++looked >= mostLooked) return false;
    }
    return false;
  } finally {
    zip.close();
  }
}

/** A folder that is not there yet, beside the project that opens by itself: for an archive's content. */
export function folderForArchive(file: string, beside = defaultProjectFolder()): string {
  const stem = basename(file).replace(/(\.heatlens)?(\.zip)?$/i, '') || 'Project';
  const parent = dirname(resolve(beside));
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? stem : `${stem} ${number}`);
    if (!existsSync(folder)) return folder;
  }
}
