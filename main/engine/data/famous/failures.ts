import { AppError } from '#contract/failures.ts';

/** Nothing came from a place: another may have it. */
export function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'provision/no-network';
}

/** What is fetched: a data set, a model. */
export interface Fetched {
  readonly name: string;
  readonly files: readonly { readonly name: string }[];
}

/** What a download of the engine's would say, said of something else. Any other thrown value passes as it is. */
export function downloadFailure(thrown: unknown, { name, files }: Fetched, folder: string): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  const { code, message, details } = thrown;
  const names = files.map((file) => file.name).join(', ');
  switch (code) {
    case 'provision/no-network': {
      const { host = '', reason = '', status } = details;
      if (status === undefined)
        return new AppError('download/offline', message, { host, reason, files: names }, thrown);
      return new AppError('download/refused', message, { host, file: names, status }, thrown);
    }
    case 'provision/checksum':
      return new AppError('download/checksum', message, details, thrown);
    case 'provision/no-space':
      return new AppError('file/no-space', message, { file: folder }, thrown);
    case 'provision/locked': {
      const reason = `another Heatlens is fetching ${name}`;
      return new AppError('file/not-writable', message, { file: folder, reason }, thrown);
    }
    default:
      return thrown;
  }
}
