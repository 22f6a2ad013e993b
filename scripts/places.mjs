import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is too large for the repository and outlives a checkout: TensorFlow, Electron, data sets. As env-paths names it. */
export function cacheFolder() {
  if (process.env.HEATLENS_CACHE) return process.env.HEATLENS_CACHE;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'heatlens');
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'heatlens', 'Cache');
  }
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'heatlens');
}

/** Whether `file` is the program that Node was asked to run. */
export function isMain(file) {
  return process.argv[1] !== undefined && fileURLToPath(file) === process.argv[1];
}
