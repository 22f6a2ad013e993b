import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { isUsed } from '../../../packaging/engine-files.mjs';
import { packagesWith } from '../../../packaging/node-packages.mjs';
import { filesFrom } from '../../../packaging/stage.mjs';
import { anotherMachine, chosen } from '../../../packaging/targets.mjs';

const require = createRequire(import.meta.url);
const { fuseSettings, lacking, sentinel, wireLength } = require('../../../packaging/fuses.cjs') as {
  fuseSettings: (length: number, build?: string) => Record<string, boolean>;
  lacking: (length: number) => string[];
  sentinel: string;
  wireLength: (program: Buffer) => number;
};
const { parse } = require('../../../packaging/fpm-stand-in.cjs') as {
  parse: (words: string[]) => Record<string, unknown>;
};

async function write(folder: string, files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const manifest = (name: string, rest = {}) => JSON.stringify({ name, version: '1.0.0', ...rest });

test('a package comes with all it depends on, from where Node would take it', async () => {
  const root = await write(await temporaryFolder(), {
    'node_modules/a/package.json': manifest('a', {
      dependencies: { b: '*', c: '*' },
      optionalDependencies: { none: '*' },
    }),
    'node_modules/a/node_modules/b/package.json': manifest('b'),
    'node_modules/b/package.json': manifest('b'),
    'node_modules/c/package.json': manifest('c', { dependencies: { b: '*', a: '*' } }),
  });
  expect(packagesWith(['a'], root).map(({ path }) => path)).toEqual([
    ...['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/b', 'node_modules/c'],
  ]);
  expect(() => packagesWith(['d'], root)).toThrow(/d is not installed/);
});

test.each([
  ['@tensorflow/tfjs-core', 'dist/tf-core.node.js', true],
  ['@tensorflow/tfjs-core', 'dist/tf-core.js', false],
  ['@tensorflow/tfjs-backend-wasm', 'dist/tfjs-backend-wasm-simd.wasm', true],
  ['@tensorflow/tfjs-node-gpu', 'binding/tfjs_backend.cc', true],
  ['@tensorflow/tfjs-node-gpu', 'dist/nodejs_kernel_backend.js', true],
  ['zod', 'v4/index.d.cts', false],
  ['zod', 'LICENSE', true],
  ['sharp', 'lib/sharp.js.map', false],
])('of %s the file %s is taken along: %s', (name, file, taken) => expect(isUsed(name, file)).toBe(taken));

test('the shell needs nothing of npm beside the archive', async () => {
  const folder = await write(await temporaryFolder(), {
    'shell.cjs': 'require("node:path"); require("./chunks/a.cjs")',
    'chunks/a.cjs': 'require("./b.cjs"); require("electron")',
    'chunks/b.cjs': 'require("../shell.cjs")',
    'engine.cjs': 'require("sharp")',
  });
  expect(filesFrom(folder, 'shell.cjs')).toEqual(['shell.cjs', 'chunks/a.cjs', 'chunks/b.cjs']);
  expect(() => filesFrom(folder, 'engine.cjs')).toThrow(/engine.cjs needs the package sharp/);
});

test('a release can neither be run as a Node nor be inspected; a test build only be inspected', () => {
  const release = fuseSettings(8);
  expect(release).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
  expect(fuseSettings(8, 'test')).toEqual({ ...release, enableNodeCliInspectArguments: true });
});

test('an older Electron has fewer switches, and they are named', () => {
  const program = Buffer.concat([Buffer.from(`junk${sentinel}`), Buffer.from([1, 7]), Buffer.from('1011001')]);
  expect(wireLength(program)).toBe(7);
  expect(Object.keys(fuseSettings(7))).toHaveLength(7);
  expect(lacking(7)).toEqual(['grantFileProtocolExtraPrivileges']);
  expect(() => wireLength(Buffer.from('no Electron'))).toThrow(/no fuses/);
});

test('packages of other systems and processors are told with what they need', () => {
  const here = { system: 'linux', architecture: 'x64' } as const;
  expect(anotherMachine('linux', 'x64', here)).toBeUndefined();
  expect(anotherMachine('linux', 'arm64', here)).toBe('needs a Linux on arm64');
  expect(anotherMachine('darwin', 'x64', here)).toBe('needs a Mac on x64');
  expect(chosen([], 'linux')).toEqual(['tar.gz', 'deb', 'rpm', 'AppImage']);
  expect(chosen(['dir'], 'linux')).toEqual([]);
  expect(() => chosen(['nsis'], 'linux')).toThrow(/no target nsis; there are dir, tar.gz/);
});

test("fpm's options as electron-builder gives them are read", () => {
  const words = [
    '-s',
    'dir',
    '--force',
    '-t',
    'deb',
    '-d',
    'libgtk-3-0',
    '-d',
    'libnss3',
    '--deb-recommends',
    'ffmpeg',
  ];
  const more = [
    '--architecture',
    'amd64',
    '--deb-compression=xz',
    '--description',
    'one\n two',
    '/a/=/opt/Heatlens',
    '/x=y.png=/z.png',
  ];
  expect(parse([...words, ...more])).toEqual({
    ...{ s: 'dir', t: 'deb', architecture: 'amd64', 'deb-compression': 'xz', description: 'one\n two' },
    ...{ depends: ['libgtk-3-0', 'libnss3'], recommends: ['ffmpeg'] },
    maps: [
      ['/a/', '/opt/Heatlens'],
      ['/x', 'y.png=/z.png'],
    ],
  });
});
