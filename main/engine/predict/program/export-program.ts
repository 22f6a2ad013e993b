import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ExportProgress, ExportResult, ProgramOptions } from '#contract/models.ts';
import { temporaryName } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import { requireEmpty, sizeOf } from '../export/export-place.ts';
import { checkedImages } from '../export/check-images.ts';
import { writeArrays, writePaths } from './data-files.ts';
import { differencesOf } from './differences.ts';
import { programTexts } from './program-texts.ts';
import { runFacts, type ProgramParts, type RunFacts } from './run-facts.ts';

export type { ProgramParts } from './run-facts.ts';
import type { Reading } from './text/images.ts';
import { writeFirst, writeKept, type WrittenWeights } from './weights-files.ts';

/**
 * Writes a run as a program beside its place and gives it its name when it is whole. Left or failed, nothing is there that
 * was not before. Fails: `model/no-program`, `model/unknown`, `model/cannot-write`, `model/export-differs`,
 * `project/folder-not-empty`, `run/…`, `data/…`, `file/…`.
 */
export async function* exportProgram(
  parts: ProgramParts,
  options: ProgramOptions,
  signal?: AbortSignal,
): AsyncGenerator<ExportProgress, ExportResult> {
  const path = resolve(options.path);
  const packed = path.toLowerCase().endsWith('.zip');
  yield { stage: 'reading', done: 0, total: 1 };
  const facts = await runFacts(parts, options);
  if (!packed) await requireEmpty(path);
  const aside = temporaryName(path);
  const name = packed ? basename(path).slice(0, -'.zip'.length) : basename(path);
  const folder = join(aside, name);
  try {
    yield { stage: 'writing', done: 0, total: 1 };
    await mkdir(join(folder, 'data'), { recursive: true });
    const reading = yield* writeData(join(folder, 'data'), facts, options.images ?? 'along', signal);
    const { first = true, kept = true } = options;
    const weights: WrittenWeights[] = [];
    if (first || kept) {
      await parts.ready();
      await mkdir(join(folder, 'weights'));
      yield { stage: 'checking', done: 0, total: checkedImages };
      if (first) weights.push(await writeFirst(join(folder, 'weights'), facts, parts, signal));
      if (kept) weights.push(await writeKept(join(folder, 'weights'), facts, options.model, parts, signal));
    }
    const notes = [...new Set([...differencesOf(facts, first), ...weights.flatMap((each) => each.notes)])];
    for (const [file, content] of programTexts(facts, { reading, first, kept, notes })) {
      await writeFile(join(folder, file), content, { flag: 'wx' });
    }
    signal?.throwIfAborted();
    const made = packed ? await zipped(folder, name, join(aside, 'whole.zip'), signal) : folder;
    const bytes = await sizeOf(made);
    if (!packed) await ifPresent(rmdir(path)); // Windows renames onto no folder, not even an empty one
    await rename(made, path);
    const checked = weights.length > 0 && {
      ...{ images: checkedImages, by: 'Heatlens’ reader of .keras' },
      maxDifference: Math.max(...weights.map(({ furthest }) => furthest)),
      agree: Math.min(...weights.map(({ agree }) => agree)),
    };
    return { file: path, bytes, checked: checked || null, notes };
  } catch (thrown) {
    if (signal?.aborted || !(thrown as NodeJS.ErrnoException).syscall) throw thrown;
    throw fileFailure(thrown, path, 'writing');
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function* writeData(
  folder: string,
  facts: RunFacts,
  images: 'along' | 'by-path',
  signal?: AbortSignal,
): AsyncGenerator<ExportProgress, Reading> {
  if (images === 'by-path') return writePaths(folder, facts);
  for await (const { done, total } of writeArrays(folder, facts, signal)) yield { stage: 'writing', done, total };
  return { kind: 'arrays' };
}

async function zipped(folder: string, name: string, path: string, signal?: AbortSignal): Promise<string> {
  const zip = new ZipFile();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const inside = file.slice(folder.length + 1).replaceAll('\\', '/');
    zip.addFile(file, `${name}/${inside}`, { compress: !inside.startsWith('weights/') });
  }
  zip.end();
  const output = createWriteStream(path, { flags: 'wx' });
  zip.on('error', (error: Error) => output.destroy(error)); // yazl alone would never end
  await pipeline(zip.outputStream, output, { ...(signal && { signal }) });
  return path;
}
