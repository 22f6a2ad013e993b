import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locked } from './lock.mjs';
import { root } from './places.mjs';
import { lastLines, run, say } from './run.mjs';

const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.heatlens-installed');

/** Installs the packages that package-lock.json names, if they are not there. Throws with npm's last words. */
export async function install() {
  if (!isInstalled()) await locked(join(root, 'node_modules'), npmInstall);
}

function isInstalled() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return true;
  if (!agreesWithNpm()) return false;
  writeFileSync(stampFile, wanted);
  return true;
}

/** npm writes what it installed beside the packages: after a developer's `npm install` nothing is left to do. */
function agreesWithNpm() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const { packages: installed } = JSON.parse(readFileSync(hidden, 'utf8'));
  const { packages: wanted } = JSON.parse(readFileSync(lockFile, 'utf8'));
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || optional || (peer && !installed[path]) || installed[path]?.version === version,
  );
}

async function npmInstall() {
  if (isInstalled()) return; // another process was quicker
  say('installing packages (once)');
  const { ok, output, seconds } = await npm(['ci', '--no-audit', '--no-fund']);
  if (!ok) throw new Error(`npm ci failed:\n${lastLines(output)}`);
  if (!isInstalled()) throw new Error('npm ci ended well, but packages that package-lock.json names are missing.');
  say(`packages installed in ${seconds.toFixed(0)} s`);
}

/** Runs npm with the scripts of packages off; its warnings are only in the output that is kept. */
export function npm(args, options = {}) {
  const shared = { quiet: true, ...options };
  const program = process.env.npm_execpath; // set by npm for what it runs: the very npm that was called
  if (program?.endsWith('.js')) return run(process.execPath, [program, ...args, '--ignore-scripts'], shared);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, '--ignore-scripts'], shared);
}
