import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '#contract/failures.ts';

/**
 * The program of a thread: built beside the engine, or beside the part of it that its starter became; its source when run
 * from sources. Fails: `file/missing`.
 *
 * @param built `decode-worker.cjs`
 * @param source beside the starter: `decode-worker.ts`
 * @param starter `import.meta.url` of the module that starts it
 */
export function workerFile(built: string, source: string, starter: string): string {
  const files = [`./${built}`, `../${built}`, `./${source}`].map((name) => fileURLToPath(new URL(name, starter)));
  const file = files.find((each) => existsSync(each));
  if (!file) throw new AppError('file/missing', `There is no file ${files[0]}; build first.`, { file: files[0] ?? '' });
  return file;
}
