import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Why this machine makes no small disk; null when it does. */
export const noSmallDisk: string | null =
  process.platform !== 'linux'
    ? 'a disk of one megabyte is only made on Linux'
    : process.getuid?.() !== 0
      ? 'only root may mount a disk of one megabyte'
      : null;

/** A disk of one megabyte that goes when the test does. */
export async function smallDisk(): Promise<string> {
  const folder = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}
