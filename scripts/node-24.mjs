import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './install.mjs';
import { locked } from './lock.mjs';
import { cacheFolder } from './places.mjs';
import { lastLines, say } from './run.mjs';

/**
 * The program of Node 24, the Node of the Electron that is shipped, from npm into the per-user cache.
 * @returns {Promise<string>} its path; throws with npm's last words
 */
export async function provideNode24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const folder = join(cacheFolder(), 'node', '24');
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  await locked(folder, async () => {
    if (existsSync(program)) return;
    say('fetching Node 24 (once)');
    const { ok, output } = await npm([
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      `${name}@24`,
    ]);
    if (!ok || !existsSync(program)) throw new Error(`Node 24 could not be had from npm:\n${lastLines(output, 5)}`);
  });
  return program;
}
