import { createHash } from 'node:crypto';
import {
  createReadStream,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { build } from '../scripts/build.mjs';
import { provideElectron } from '../scripts/electron.mjs';
import { provisionEngine } from '../scripts/engine.mjs';
import { lastLines, run, runNode, say } from '../scripts/run.mjs';
import { dist, root } from './places.mjs';
import { stageAll, tensorFlowHere } from './stage.mjs';
import { flagOf, targets } from './targets.mjs';
import { installTools, toolsFor } from './tools.mjs';

const require = createRequire(import.meta.url);
const { fuseSettings, lacking, wireLength } = require('./fuses.cjs');

const listFile = join(dist, 'packages.json');
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');

/** @typedef {{ target: string, file?: string, bytes?: number, sha256?: string, seconds?: number, from?: string, why?: string }} Made */

const seconds = (began) => (performance.now() - began) / 1000;

/** Where the unpacked app is; its program. */
export const unpacked = () => {
  const suffix = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') return join(dist, `mac${suffix}`, 'Heatlens.app', 'Contents', 'MacOS', 'Heatlens');
  const folder = join(dist, `${process.platform === 'win32' ? 'win' : 'linux'}${suffix}-unpacked`);
  return join(folder, process.platform === 'win32' ? 'Heatlens.exe' : 'heatlens');
};

/** The same app, but with a program that can be inspected: what Playwright drives. */
export const unpackedForTests = () => unpacked().replace(/(-unpacked|Heatlens\.app)/, '-test$1');

/**
 * Everything up to the unpacked app, in both builds.
 * @param {{ light?: boolean, again?: boolean }} options light: without TensorFlow, which the app then fetches; again: that
 *   of last time is taken, if there is one
 */
export async function buildUnpacked({ light = false, again = false } = {}) {
  if (again && isBuilt()) return known();
  await build();
  const electron = await provideElectron();
  if (!electron) throw new Error('there is no Electron to pack');
  const tensorflow = light ? undefined : await tensorFlow();
  const began = performance.now();
  const { electronDist } = await stageAll({ tensorflow, electron });
  say(`files laid out in ${seconds(began).toFixed(1)} s`);
  const {
    ok,
    output,
    seconds: took,
  } = await electronBuilder('dir', [`-c.electronDist=${electronDist}`, `-c.electronVersion=${electron.version}`]);
  if (!ok) throw new Error(`electron-builder failed:\n${lastLines(output, 25)}`);
  say(`packed in ${took.toFixed(1)} s`);
  const fuses = await buildForTests();
  const told = { electron: electron.version, tensorflow: tensorflow !== undefined, fuses, packages: [] };
  writeList(told);
  return told;
}

/** What was told of the unpacked app of last time. */
function known() {
  const { electron, tensorflow, fuses, packages } = JSON.parse(readFileSync(listFile, 'utf8'));
  return { electron, tensorflow, fuses, packages };
}

async function tensorFlow() {
  if (!tensorFlowHere()) await provisionEngine();
  const found = tensorFlowHere();
  if (!found) throw new Error('there is no TensorFlow to pack; `npm run dist -- --light` packs without it');
  return found;
}

/** Everything is linked; the program alone is a copy, with other fuses. The archive is the same file. */
async function buildForTests() {
  const from = process.platform === 'darwin' ? join(unpacked(), '..', '..', '..') : join(unpacked(), '..');
  const to =
    process.platform === 'darwin' ? join(unpackedForTests(), '..', '..', '..') : join(unpackedForTests(), '..');
  rmSync(to, { recursive: true, force: true });
  const linked = process.platform === 'linux' && (await run('cp', ['-al', from, to], { quiet: true })).ok;
  if (!linked) (await import('node:fs')).cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  const program = unpackedForTests();
  const fused =
    process.platform === 'darwin'
      ? join(program, '..', '..', 'Frameworks', 'Electron Framework.framework', 'Electron Framework')
      : program;
  const original = fused.replace(to, from);
  rmSync(fused);
  copyFileSync(original, fused);
  const length = wireLength(original);
  const { flipFuses, FuseV1Options, FuseVersion } = require('@electron/fuses');
  const settings = Object.entries(fuseSettings(length, 'test')).map(([name, on]) => [
    FuseV1Options[optionOf(name)],
    on,
  ]);
  await flipFuses(program, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: process.platform === 'darwin',
    ...Object.fromEntries(settings),
  });
  return { set: fuseSettings(length), lacking: lacking(length) };
}

/** electron-builder writes `runAsNode`, the fuses' own package `RunAsNode`. */
const optionOf = (name) => name[0].toUpperCase() + name.slice(1);

/** @param {string} target @param {string[]} options */
function electronBuilder(target, options, env = {}) {
  const words = [
    flagOf[process.platform],
    target,
    `--${process.arch}`,
    '--publish',
    'never',
    '--config',
    'electron-builder.yml',
  ];
  return runNode(builder, [...words, ...options], {
    quiet: true,
    seconds: 1800,
    env: { USE_HARD_LINKS: 'true', ...env },
  });
}

/** Packs the unpacked app. What cannot be made is told with its reason; nothing is thrown. @returns {Promise<Made[]>} */
export async function buildTargets(names, electronVersion) {
  if (process.platform === 'linux') await installTools(names);
  const made = [];
  for (const target of names) {
    const { env, options, lacks, from } =
      process.platform === 'linux'
        ? await toolsFor(target)
        : { env: {}, options: [], lacks: [], from: 'electron-builder' };
    if (lacks.length > 0) {
      made.push({ target, why: `needs the system's packages ${lacks.join(' ')}` });
      continue;
    }
    say(`packing ${target} with ${from}`);
    removeOld(target);
    const app = process.platform === 'darwin' ? join(unpacked(), '..', '..', '..') : join(unpacked(), '..');
    const prepared = ['--prepackaged', app, `-c.electronVersion=${electronVersion}`];
    const { ok, output, seconds: took } = await electronBuilder(target, [...prepared, ...options], env);
    const file = newest(target);
    if (!ok || !file) made.push({ target, why: `electron-builder failed: ${lastLines(output, 6)}` });
    else made.push({ target, file, bytes: statSync(file).size, sha256: await sha256(file), seconds: took, from });
  }
  return made;
}

const endingOf = (target) =>
  targets.find(({ name, system }) => name === target && system === process.platform)?.ending ?? '';

function filesOf(target) {
  const mark = { nsis: '-setup-', portable: '-portable-' }[target] ?? '';
  return readdirSync(dist).filter(
    (name) => name.startsWith('Heatlens-') && name.includes(mark) && name.endsWith(endingOf(target)),
  );
}

function removeOld(target) {
  for (const name of filesOf(target)) rmSync(join(dist, name));
}

function newest(target) {
  const [name] = filesOf(target);
  return name && join(dist, name);
}

export async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** `dist/packages.json`: what was made, for tests and for whoever passes it on. */
export function writeList(list) {
  writeFileSync(listFile, `${JSON.stringify(list, null, 2)}\n`);
}

export function resourcesOf(program) {
  return process.platform === 'darwin' ? join(program, '..', '..', 'Resources') : join(program, '..', 'resources');
}

export const archiveOf = (program) => join(resourcesOf(program), 'app.asar');
export const isBuilt = () => existsSync(unpacked()) && existsSync(unpackedForTests());
