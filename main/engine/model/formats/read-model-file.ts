import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { problemOf, refused } from './file-problem.ts';
import type { Hdf5Thread } from './hdf5/hdf5-thread.ts';
import { readH5 } from './keras/reading/read-h5.ts';
import { readJson } from './keras/reading/read-json.ts';
import { readKeras } from './keras/reading/read-keras.ts';
import type { FileFacts, ReadModel, ReadOptions } from './read-model.ts';

export type { ReadModel } from './read-model.ts';

/** Larger than any file of the Keras applications, of which VGG19 with its optimizer is the largest. */
const largestFile = 2 ** 33;

/**
 * A model file of any kind that Heatlens reads, told by what is in it: Keras 3's .keras, .h5 of Keras 2 and 3 (whole, or
 * weights alone), an architecture's JSON, a tfjs layers model (its model.json).
 * Fails: `file/missing`, `file/unreadable`, `file/too-large`, `model/file-refused`, `model/file-damaged`, both with the
 * reason; `call/cancelled`.
 * @param thread that reads HDF5 and stays, for many files; absent = one for this file alone
 */
export async function readModelFile(file: string, signal?: AbortSignal, thread?: Hdf5Thread): Promise<ReadModel> {
  return read(file, { weights: true, signal, thread });
}

/** What it is, without its values; everything else is checked. Fails as `readModelFile`. */
export async function lookAtModelFile(file: string, signal?: AbortSignal): Promise<ReadModel['look']> {
  return (await read(file, { weights: false, signal })).look;
}

async function read(file: string, options: ReadOptions): Promise<ReadModel> {
  const facts = await factsOf(await fileIn(file));
  try {
    const start = await startOf(facts.path);
    if (start.startsWith('PK')) return await readKeras(facts, options);
    if (start.startsWith('\x89HDF\r\n\x1a\n')) return await readH5(facts, options);
    if (/^\s*\{/.test(start)) return await readJson(facts, await readFile(facts.path, 'utf8'), options);
    throw refused(
      'it is none of the model files that Heatlens reads: .keras, .h5, JSON of Keras or tfjs, a SavedModel folder',
    );
  } catch (thrown) {
    if (options.signal?.aborted) throw new AppError('call/cancelled', 'Reading the file was cancelled.');
    const known = problemOf(thrown, file);
    throw (known as NodeJS.ErrnoException).syscall ? fileFailure(known, file, 'reading') : known;
  }
}

/** Of a folder, the file in it that says what the model is: tfjs' model.json. */
async function fileIn(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return path;
  const [tfjs, saved] = await Promise.all(
    ['model.json', 'saved_model.pb'].map((name) => stat(join(path, name)).catch(() => null)),
  );
  if (tfjs?.isFile()) return join(path, 'model.json');
  if (saved) throw problemOf(refused('a SavedModel has operations but no layers'), path);
  const reason = 'it is a folder without a model';
  throw new AppError('file/unreadable', `${path} cannot be read: ${reason}.`, { file: path, reason });
}

async function factsOf(file: string): Promise<FileFacts> {
  const found = await stat(file).catch((error: unknown) => {
    throw fileFailure(error, file, 'reading');
  });
  if (found.size > largestFile) {
    throw new AppError('file/too-large', `${file} has ${found.size} bytes; at most ${largestFile} are read.`, { file });
  }
  const name = basename(file).replace(/(\.weights)?\.(keras|h5|hdf5|json)$/i, '');
  return { path: file, bytes: found.size, name };
}

async function startOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
