import { AppError } from '#contract/failures.ts';

const absent: readonly unknown[] = ['ENOENT', 'ENOTDIR'];
const full: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** A failed file operation as a failure that names the file; an AppError passes as it is. */
export function fileFailure(thrown: unknown, file: string, doing: 'reading' | 'writing'): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as NodeJS.ErrnoException;
  const reason = error.code ?? (thrown instanceof Error ? thrown.message : String(thrown));
  if (absent.includes(error.code)) return new AppError('file/missing', `There is no file ${file}.`, { file }, thrown);
  if (full.includes(error.code)) {
    return new AppError('file/no-space', `The disk is full: ${file} could not be written.`, { file }, thrown);
  }
  return doing === 'writing'
    ? new AppError('file/not-writable', `${file} cannot be written: ${reason}.`, { file, reason }, thrown)
    : new AppError('file/unreadable', `${file} cannot be read: ${reason}.`, { file, reason }, thrown);
}

/** `null` where there is no such file; every other trouble is thrown. */
export async function ifPresent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
