import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { writeAtomic } from './atomic.ts';
import { fileFailure, ifPresent } from './file-failure.ts';
import { processStart } from './process-start.ts';

/** Which process holds the folder. A pid alone is not enough: after a crash another program may have got the number. */
const owner = z.object({ pid: z.number().int(), started: z.string().nullable(), host: z.string() });
type Owner = z.infer<typeof owner>;

export const lockName = 'engine.lock';
export const guardName = 'engine.lock.guard';

/**
 * Takes the folder for this process; the function returned gives it back.
 * Fails: `project/locked` while another living process has it, `file/not-writable`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, lockName);
  await guarded(folder, async () => {
    const holder = await readOwner(file);
    if (holder && lives(holder)) {
      const details = { folder, pid: holder.pid, host: holder.host };
      const who = `process ${holder.pid} on ${holder.host}`;
      throw new AppError('project/locked', `${folder} is open in another Heatlens (${who}).`, details);
    }
    await writeAtomic(file, JSON.stringify({ pid: process.pid, started: processStart(process.pid), host: hostname() }));
  });
  let ours = true;
  return async () => {
    if (ours) await rm(file, { force: true }); // later it may be another's
    ours = false;
  };
}

/** Two engines that find the same stale lock must not both take it over: look and take are one step. */
async function guarded(folder: string, act: () => Promise<void>): Promise<void> {
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(folder, {
      lockfilePath: join(folder, guardName),
      stale: 5000,
      retries: { retries: 120, minTimeout: 10, maxTimeout: 60 },
      // A guard lost to a suspended machine is made again by whoever comes next; the lock itself stays right.
      onCompromised: () => undefined,
    });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ELOCKED') throw fileFailure(error, join(folder, guardName), 'writing');
    throw new AppError(
      'project/locked',
      `${folder} is being opened by another Heatlens.`,
      { folder, pid: 0, host: hostname() },
      error,
    );
  }
  try {
    await act();
  } finally {
    await release().catch(() => undefined);
  }
}

/** A lock that cannot be read was torn by a crash; nobody holds it. */
async function readOwner(file: string): Promise<Owner | null> {
  const text = await ifPresent(readFile(file, 'utf8'));
  if (text === null) return null;
  try {
    return owner.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** On a shared folder nothing is known of another machine's processes; its lock is respected. */
function lives({ pid, started, host }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return started === processStart(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = processStart(pid);
  return started === null || now === null || started === now;
}
