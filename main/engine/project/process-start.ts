import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, in the system's own words: a number alone is not enough, since systems give it again. Null where
 * there is no such process (or only what is left of one), or the system does not say.
 */
export function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      // proc(5): field 22, ticks since boot; the second field, a name in brackets, may hold spaces and brackets.
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : `${boot()}:${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 }).trim() || null;
  } catch {
    return null;
  }
}

const boot = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
