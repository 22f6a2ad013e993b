import { Transform } from 'node:stream';
import { AppError } from '#contract/failures.ts';

/** Who hears how far long work is, in bytes, and may end it. */
export interface Followed {
  readonly tell?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Makes streams that pass everything on and tell how much went through all of them. @param total bytes that will come */
export function byteCounter(total: number, tell: Followed['tell']): () => Transform {
  let done = 0;
  return () =>
    new Transform({
      transform(chunk: Buffer, _, passed) {
        done += chunk.length;
        tell?.(done, Math.max(done, total)); // a file may have grown
        passed(null, chunk);
      },
    });
}

export function cancelled(cause: unknown): AppError {
  return new AppError('call/cancelled', 'It was cancelled; nothing is left of it.', {}, cause);
}
