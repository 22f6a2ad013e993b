import { createWriteStream } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { pipeline as passing, Readable, type PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { settleName, temporaryName } from './atomic.ts';
import { fileFailure, ifPresent } from './file-failure.ts';
import { byteCounter, cancelled, type Followed } from './followed.ts';
import { guardName, lockName } from './lock.ts';
import type { Project } from './project.ts';

/** Weights, probabilities, pictures and films do not become smaller by deflating, only later. */
const incompressible = /\.(safetensors|f32|png|gz|zip|mp4)$/;

/**
 * Writes the whole project (without lock, trash and what is computed anew: features, answers about films) into one zip, which gets its name only when it is whole and on
 * disk. A run may go on meanwhile: every file is archived as it is when its turn comes.
 * Fails: `file/no-space`, `file/not-writable`, `call/cancelled`; the earlier file of that name is then still there.
 */
export async function archiveProject(
  project: Project,
  path: string,
  { tell, signal }: Followed = {},
): Promise<{ file: string; bytes: number }> {
  const file = resolve(path);
  const temporary = temporaryName(file);
  let reading: Readable | undefined;
  try {
    const names = await archivable(project, file);
    const counter = byteCounter(await bytesOf(names.map((name) => join(project.folder, name))), tell);
    const zip = new ZipFile();
    const output = zip.outputStream as PassThrough;
    zip.on('error', (error: Error) => output.destroy(error)); // yazl alone would never end
    const target = createWriteStream(temporary, { flags: 'wx', flush: true });
    const written = pipeline(output, target, { ...(signal && { signal }) });
    for (const name of names) {
      zip.addReadStreamLazy(name, { compress: !incompressible.test(name) }, (give) => {
        asItIsNow(join(project.folder, name)).then(
          (stream) =>
            give(
              null,
              passing((reading = stream), counter(), () => undefined),
            ), // yazl hears of trouble
          (error: unknown) => give(error, Readable.from([])),
        );
      });
    }
    zip.end();
    await written;
    await settleName(temporary, file);
    return { file, bytes: (await stat(file)).size };
  } catch (error) {
    reading?.destroy(); // yazl leaves it open
    await rm(temporary, { force: true }).catch(() => undefined);
    throw signal?.aborted ? cancelled(error) : fileFailure(error, file, 'writing');
  }
}

/** One that vanishes meanwhile is told of when its turn comes. */
async function bytesOf(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await ifPresent(stat(file)))?.size ?? 0;
  return bytes;
}

/** Links are left out: what they point to is not ours. */
async function archivable(project: Project, archive: string): Promise<string[]> {
  const entries = await readdir(project.folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file !== archive && !file.startsWith(project.trashFolder + sep))
    .filter((file) => !file.startsWith(project.featuresFolder + sep))
    .filter((file) => !file.startsWith(project.filmAnswersFolder + sep))
    .map((file) => relative(project.folder, file).split(sep).join('/'))
    .filter((name) => name !== lockName && !name.startsWith(guardName))
    .sort();
}

/** The file at its present length: a replaced file is read as it was, an appended line belongs to a later archive. */
async function asItIsNow(file: string): Promise<Readable> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  if (size > 0) return handle.createReadStream({ start: 0, end: size - 1 });
  await handle.close();
  return Readable.from([]);
}
