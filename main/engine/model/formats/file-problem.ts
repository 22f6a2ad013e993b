import { basename } from 'node:path';
import { AppError } from '#contract/failures.ts';

/** Why a model file is not read: `refused`, what Heatlens does not take from files; `damaged`, not what it should be. */
export class FileProblem extends Error {
  readonly kind: 'refused' | 'damaged';

  constructor(kind: 'refused' | 'damaged', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** @param reason the end of “It was not opened: …”, without a full stop */
export const refused = (reason: string) => new FileProblem('refused', reason);
export const damaged = (reason: string) => new FileProblem('damaged', reason);

/** As the page is told: `model/file-refused`, `model/file-damaged`; other errors as they are. */
export function problemOf(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof FileProblem)) return thrown;
  const file = basename(path);
  const reason = thrown.message;
  return thrown.kind === 'refused'
    ? new AppError('model/file-refused', `${file} was not opened: ${reason}.`, { file, reason })
    : new AppError('model/file-damaged', `${file} cannot be read as a model: ${reason}.`, { file, reason });
}
