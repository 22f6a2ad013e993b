/**
 * Every failure that can reach a person. The sentence for people is in `assets/strings/<language>/failures.json`,
 * under the same code; a test holds the two lists together.
 */
export const failureCodes = [
  'call/invalid',
  'call/cancelled',
  'call/forbidden',
  'internal',
  'engine/lost',
  'engine/not-ready',
  'engine/cannot-train',
  'engine/busy',
  'provision/no-python',
  'provision/no-pip',
  'provision/no-compiler',
  'provision/compile-failed',
  'provision/no-space',
  'provision/no-network',
  'provision/checksum',
  'provision/unsupported-machine',
  'provision/old-processor',
  'provision/locked',
  'provision/load-failed',
  'file/missing',
  'file/unreadable',
  'file/not-writable',
  'file/no-space',
  'file/too-large',
  'data/unknown-format',
  'data/idx-magic',
  'data/idx-type',
  'data/idx-shape',
  'data/idx-truncated',
  'data/idx-excess',
  'data/gzip-damaged',
  'data/labels-missing',
  'data/images-missing',
  'data/labels-mismatch',
  'data/label-range',
  'data/shapes-differ',
  'data/split-twice',
  'data/empty',
  'data/too-large',
  'data/unknown-set',
  'data/unknown-image',
  'data/changed',
  'data/reader-died',
  'data/splitting',
  'data/no-usable-images',
  'data/cifar-size',
  'data/cifar-version',
  'data/text-line',
  'data/one-class',
  'data/too-many-classes',
  'data/archive-damaged',
  'data/prepared-lost',
  'download/offline',
  'download/checksum',
  'download/refused',
  'model/unknown-preset',
  'model/wrong-input',
  'model/needs-image',
  'model/needs-row',
  'model/too-small',
  'model/shapes-differ',
  'model/wrong-setting',
  'model/unknown-input',
  'model/late-input',
  'model/same-name',
  'model/input-count',
  'model/loose-end',
  'model/wrong-output',
  'model/last-activation',
  'model/no-layers',
  'model/unknown',
  'model/only-asked',
  'model/file-refused',
  'model/file-damaged',
  'model/weights-differ',
  'model/cannot-write',
  'model/export-differs',
  'model/no-program',
  'zoo/unknown',
  'zoo/not-here',
  'photo/none',
  'photo/unknown',
  'film/no-ffmpeg',
  'film/unknown',
  'film/unknown-result',
  'film/unreadable',
  'film/refused',
  'film/no-picture',
  'film/empty',
  'film/cut-short',
  'film/too-large',
  'film/settings',
  'film/encoder',
  'explain/unknown-layer',
  'explain/unknown-class',
  'explain/no-gradients',
  'train/busy',
  'train/settings',
  'train/no-images',
  'train/not-finite',
  'train/out-of-memory',
  'run/unknown',
  'run/torn',
  'run/no-weights',
  'run/newer-version',
  'run/active',
  'run/cannot-continue',
  'train/base-unfit',
  'evaluate/members-differ',
  'evaluate/classes-differ',
  'image/unreadable',
  'image/too-large',
  'project/not-a-project',
  'project/newer-version',
  'project/locked',
  'project/archive-damaged',
  'project/folder-not-empty',
] as const;

export type FailureCode = (typeof failureCodes)[number];

export type FailureDetails = Record<string, string | number>;

export interface Failure {
  readonly code: FailureCode;
  /** For the log, in English: what is wrong, what was expected, what was received. */
  readonly message: string;
  /** Facts for the sentence in assets/strings. */
  readonly details: FailureDetails;
}

/** What every room throws. Crosses a port as data and is built again on the far side. */
export class AppError extends Error implements Failure {
  override readonly name = 'AppError';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

export function isFailureCode(code: unknown): code is FailureCode {
  return (failureCodes as readonly unknown[]).includes(code);
}

/** Any thrown value as data. What we did not foresee is `internal`, never silence. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof AppError) return { code: thrown.code, message: thrown.message, details: thrown.details };
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return { code: 'call/cancelled', message: 'The call was cancelled.', details: {} };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, details: { reason: message } };
}
