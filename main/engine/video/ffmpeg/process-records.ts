import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '#engine/backend/places.ts';
import { processStart } from '#engine/project/process-start.ts';

/**
 * Which processes were started by which engine, on disk, one small file each: an engine that was killed cannot end its
 * own, so the next one does.
 */

const record = z.object({
  pid: z.number().int(),
  started: z.string(),
  owner: z.number().int(),
  ownerStarted: z.string(),
});

const folder = () => join(cacheFolder(), 'processes');
let ownStart: string | null = null;

/** @returns the record's file; null where none could be written, which is no reason not to go on */
export function rememberProcess(pid: number): string | null {
  if (process.platform === 'win32') return null; // There libuv's job object ends children with us.
  try {
    ownStart ??= processStart(process.pid);
    const file = join(folder(), `${pid}.json`);
    mkdirSync(folder(), { recursive: true });
    const found = { pid, started: processStart(pid), owner: process.pid, ownerStarted: ownStart };
    if (found.started === null || ownStart === null) return null;
    writeFileSync(file, JSON.stringify(found));
    return file;
  } catch {
    return null;
  }
}

export function forgetProcess(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Another engine's sweep may have been first.
  }
}

/** Ends what engines that are gone have left running. @returns the numbers of those ended */
export function sweepProcesses(): number[] {
  const ended: number[] = [];
  for (const name of namesIn(folder())) {
    const file = join(folder(), name);
    const found = read(file);
    if (found && processStart(found.owner) === found.ownerStarted) continue;
    if (found && processStart(found.pid) === found.started) {
      try {
        process.kill(found.pid, 'SIGKILL');
        ended.push(found.pid);
      } catch {
        // It ended by itself meanwhile.
      }
    }
    forgetProcess(file);
  }
  return ended;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function read(file: string): z.infer<typeof record> | null {
  try {
    return record.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
