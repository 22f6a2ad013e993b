import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, copyFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { wheelRuntime } from '../scripts/electron-wheel.mjs';
import { lastLines, run, say } from '../scripts/run.mjs';
import { root, stage } from './places.mjs';

/**
 * What electron-builder fetches for itself, where its place can be reached; else programs of the system, which are asked
 * for before anything is built: each download that fails would cost 44 s of silent tries.
 *
 * @typedef {{ env: Record<string, string>, options: string[], lacks: string[], from: string }} Tools
 *   `lacks`: Debian packages that would help; empty = it can be built
 */

const programs = {
  '7z': 'p7zip-full',
  mksquashfs: 'squashfs-tools',
  'desktop-file-validate': 'desktop-file-utils',
  'dpkg-deb': 'dpkg',
  rpmbuild: 'rpm',
  cpio: 'cpio',
};

/** What each target needs of the system where electron-builder cannot fetch it. */
const needs = {
  dir: [],
  'tar.gz': ['7z'],
  AppImage: ['mksquashfs', 'desktop-file-validate'],
  deb: ['dpkg-deb'],
  rpm: ['rpmbuild', 'cpio'], // cpio: to look into what was made
};

/** electron-builder's own needs that it never fetches. */
const alwaysNeeds = { rpm: ['rpmbuild'] };

export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** Whether electron-builder's place of tools answers; asked once, for four seconds. */
let answers;
export function toolsCanBeFetched() {
  answers ??= fetch('https://github.com', { method: 'HEAD', signal: AbortSignal.timeout(4000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  return answers;
}

/** Debian packages for what is missing of these targets. */
export function missingFor(targets, fetchable) {
  const needed = targets.flatMap((target) => (fetchable ? (alwaysNeeds[target] ?? []) : needs[target]));
  return [...new Set(needed.filter((program) => !onPath(program)).map((program) => programs[program]))];
}

/** Installs what is missing where that can be done, else says the command. */
export async function installTools(targets) {
  const missing = missingFor(targets, await toolsCanBeFetched());
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    if (onPath('apt-get')) say(`tools are missing; install them with: sudo apt-get install -y ${missing.join(' ')}`);
    return;
  }
  say(`installing tools for packages (once): ${missing.join(' ')}`);
  const apt = (...args) =>
    run('apt-get', ['-q', ...args], { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' }, seconds: 600 });
  await apt('update');
  const { ok, output } = await apt('install', '-y', '--no-install-recommends', ...missing);
  if (!ok) say(`apt-get failed:\n${lastLines(output, 6)}`);
}

/** @returns {Promise<Tools>} */
export async function toolsFor(target) {
  const fetchable = await toolsCanBeFetched();
  const lacks = missingFor([target], fetchable);
  if (fetchable || lacks.length > 0) return { env: {}, options: [], lacks, from: 'electron-builder' };
  // A library of 850 MB: at the usual level 9 gzip takes 20 minutes, at 3 one, for a twentieth more.
  const env = { ELECTRON_BUILDER_7ZIP_PATH: onPath('7z') ?? '', ELECTRON_BUILDER_COMPRESSION_LEVEL: '3' };
  if (target === 'tar.gz') return { env, options: [], lacks, from: 'the system’s 7z' };
  if (target === 'deb' || target === 'rpm') {
    if (onPath('fpm')) return { env: { USE_SYSTEM_FPM: 'true' }, options: [], lacks, from: 'the system’s fpm' };
    const stand = join(root, 'packaging', 'fpm-stand-in.cjs');
    chmodSync(stand, 0o755);
    return { env: { CUSTOM_FPM_PATH: stand }, options: [], lacks, from: target === 'deb' ? 'dpkg-deb' : 'rpmbuild' };
  }
  if (target !== 'AppImage') return { env: {}, options: [], lacks, from: 'electron-builder' };
  // The runtime that lies at the head of another AppImage knows gzip, not zstd.
  return {
    env: { APPIMAGE_TOOLS_PATH: await appImageTools() },
    options: ['-c.appImage.compression=gzip'],
    lacks,
    from: 'mksquashfs',
  };
}

/** The folder that electron-builder expects, of the system's programs and the runtime of the wheel's AppImage. */
async function appImageTools() {
  const folder = join(stage, 'appimage-tools');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'runtimes'), { recursive: true });
  mkdirSync(join(folder, 'lib', 'x64'), { recursive: true });
  symlinkSync(onPath('desktop-file-validate') ?? '', join(folder, 'desktop-file-validate'));
  const quicker = `#!/bin/sh\nexec '${onPath('mksquashfs')}' "$@" -Xcompression-level 3\n`;
  writeFileSync(join(folder, 'mksquashfs'), quicker, { mode: 0o755 });
  copyFileSync(await wheelRuntime(), join(folder, 'runtimes', 'runtime-x64'));
  return folder;
}
