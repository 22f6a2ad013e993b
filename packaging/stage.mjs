import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../scripts/places.mjs';
import { run } from '../scripts/run.mjs';
import { copy, copyFile, stageEngine } from './engine-files.mjs';
import { makeIcons } from './icons.mjs';
import { noticesFile } from './notices.mjs';
import { root, stage, stagedApp, stagedElectron, stagedIcons, stagedResources } from './places.mjs';

const machine = `${process.platform}-${process.arch}`;

/** The whole TensorFlow for processors in the per-user cache; a package that carries CUDA would have 4 GB. */
export function tensorFlowHere(cache = cacheFolder()) {
  const engines = join(cache, 'engine');
  if (!existsSync(engines)) return undefined;
  const name = readdirSync(engines).find((each) => each.startsWith('tensorflow-') && each.endsWith(`-cpu-${machine}`));
  return name && existsSync(join(engines, name, 'engine.json')) ? join(engines, name) : undefined;
}

/**
 * Puts together what electron-builder packs: the app's folder, what lies outside of the archive, icons.
 * @param {{ tensorflow?: string, electron: { program: string, version: string } }} given
 * @returns {Promise<{ electronDist: string }>}
 */
export async function stageAll({ tensorflow, electron }) {
  rmSync(stage, { recursive: true, force: true });
  stageApp();
  stageEngine({ tensorflow });
  await stageNode();
  copyFile(join(root, 'LICENSE'), join(stagedResources, 'LICENSE.txt'));
  writeFileSync(join(stagedResources, 'THIRD-PARTY-NOTICES.txt'), noticesFile());
  stageCommandLine();
  await makeIcons();
  copyFile(join(stagedIcons, '256x256.png'), join(stagedApp, 'out', 'icon.png')); // of the window, on Linux
  // On a Mac the program lies deep in Electron.app.
  const above = process.platform === 'darwin' ? ['..', '..', '..'] : [];
  return { electronDist: stageElectron(join(dirname(electron.program), ...above)) };
}

/** Shell, preload and page. No source maps: they would double it. */
function stageApp() {
  const wanted = (file) => !file.endsWith('.map');
  const shell = new Set(filesFrom(join(root, 'out', 'main'), 'shell.cjs'));
  copy(join(root, 'out', 'main'), join(stagedApp, 'out', 'main'), (file) => shell.has(file.replaceAll('\\', '/')));
  copy(join(root, 'out', 'preload'), join(stagedApp, 'out', 'preload'), wanted);
  copy(join(root, 'out', 'renderer'), join(stagedApp, 'out', 'renderer'), wanted);
  const { name, productName, version, description, license, author } = readManifest();
  const homepage = 'https://heatlens.example'; // packages want one; RFC 2606
  const manifest = { name, productName, version, description, license, author, homepage, main: 'out/main/shell.cjs' };
  writeFileSync(join(stagedApp, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const readManifest = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A program and the pieces that it requires, as paths below `folder`. Throws where it needs a package of npm. */
export function filesFrom(folder, program, found = new Set()) {
  if (found.has(program)) return [...found];
  found.add(program);
  const text = readFileSync(join(folder, program), 'utf8');
  for (const [, name] of text.matchAll(/\brequire\("([^"]+)"\)/g)) {
    if (name.startsWith('.')) filesFrom(folder, join(dirname(program), name).replaceAll('\\', '/'), found);
    else if (!/^(node:|electron$|url$)/.test(name)) throw new Error(`${program} needs the package ${name}: bundle it`);
  }
  return [...found];
}

/**
 * A plain Node for the archive's neighbours: it tries a TensorFlow that was fetched where a crash harms nobody, it is the
 * command line's, and the engine's where Electron's own is too old. That of this build.
 */
async function stageNode() {
  if (process.platform === 'linux') {
    const { output } = await run('ldd', [process.execPath], { quiet: true });
    if (/libnode\./.test(output))
      throw new Error(`${process.execPath} needs libnode.so beside it; build with a Node of nodejs.org`);
  }
  const node = join(stagedResources, process.platform === 'win32' ? 'node.exe' : 'node');
  copyFile(process.execPath, node, true);
  chmodSync(node, 0o755);
}

/** `resources/heatlens`: the command line on the Node beside it. */
function stageCommandLine() {
  const file = join(stagedResources, process.platform === 'win32' ? 'heatlens.cmd' : 'heatlens');
  const windows = '@"%~dp0node.exe" "%~dp0engine\\out\\main\\cli.cjs" %*\r\n';
  const others =
    '#!/bin/sh\nhere=$(dirname -- "$(readlink -f -- "$0")")\nexec "$here/node" "$here/engine/out/main/cli.cjs" "$@"\n';
  writeFileSync(file, process.platform === 'win32' ? windows : others);
  chmodSync(file, 0o755);
}

/** Electron without what the wheel's AppImage and its loader put beside it. */
function stageElectron(from) {
  if (from.startsWith(join(root, 'node_modules'))) return from;
  const foreign = /^(AppRun|usr\b|\.DirIcon|resources[\\/]app\b|[^\\/]*\.(desktop|png)$)/;
  mkdirSync(stagedElectron, { recursive: true });
  copy(from, stagedElectron, (file) => !foreign.test(file));
  mkdirSync(join(stagedElectron, 'resources'), { recursive: true });
  return stagedElectron;
}
