import { lock } from 'proper-lockfile';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import type { Work } from './work.ts';

export interface LockPatience {
  /** A lock untouched for this long belonged to a process that is gone, milliseconds. */
  readonly stale: number;
  /** How long another one is waited for, milliseconds. */
  readonly wait: number;
}

const usual: LockPatience = { stale: 15_000, wait: 30 * 60_000 };

/**
 * Runs `task` while no other process provisions the same cache. The lock's time stamp is renewed every few seconds; if
 * that fails, another process may have begun, and the work is aborted. Fails: `provision/locked` after a long wait.
 */
export async function withLock<T>(
  folder: string,
  work: Work,
  task: (work: Work) => Promise<T>,
  patience: LockPatience = usual,
): Promise<T> {
  const lost = new AbortController();
  const signal = AbortSignal.any([work.signal, lost.signal]);
  const release = await acquire(folder, work, patience, (error) => lost.abort(lockedBy(folder, error)));
  try {
    return await task({ ...work, signal });
  } catch (thrown) {
    throw lost.signal.aborted && !work.signal.aborted ? lost.signal.reason : thrown;
  } finally {
    await release().catch(() => undefined); // already lost: not ours to release
  }
}

async function acquire(
  folder: string,
  work: Work,
  { stale, wait }: LockPatience,
  onCompromised: (error: Error) => void,
): Promise<() => Promise<void>> {
  const lockfilePath = path.join(folder, 'engine.lock');
  const until = performance.now() + wait;
  for (let told = false; ;) {
    work.signal.throwIfAborted();
    try {
      return await lock(folder, { lockfilePath, stale, update: stale / 5, realpath: false, onCompromised });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ELOCKED') throw thrown;
      if (performance.now() >= until) throw lockedBy(folder, thrown);
    }
    if (!told) work.begin('lock', 'Another Heatlens is getting the engine; waiting for it');
    told = true;
    await sleep(Math.min(300, wait), undefined, { signal: work.signal });
  }
}

function lockedBy(folder: string, cause: unknown): AppError {
  return new AppError('provision/locked', `Another process is provisioning ${folder}.`, { folder }, cause);
}
