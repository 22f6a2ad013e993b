import { expect } from '@playwright/test';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SelfTestReport } from '#link/self-test/self-test.ts';
import { bareEnvironment, built, flags, root } from './built.ts';
import { firstJourney } from './first-journey.ts';
import { test } from './test-home.ts';
import { unpack } from './unpacked.ts';

const made = built();

async function selfTest(program: string, home: string, env: Record<string, string> = {}): Promise<SelfTestReport> {
  const child = spawn(program, [...flags, '--self-test'], {
    env: { ...bareEnvironment(home), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const code = await new Promise((settle, fail) => child.once('error', fail).once('close', settle));
  // An AppImage without FUSE prints the files that it unpacks, in pieces that end anywhere.
  const [line = ''] = /\{"ok":.*\}$/m.exec(said) ?? [];
  expect(line, `one line of JSON on stdout; stderr: ${complained.slice(-2000)}`).toMatch(/^\{.*\}$/);
  const report = JSON.parse(line) as SelfTestReport;
  const failed = report.steps.filter(({ ok }) => !ok);
  expect({ code, failed }, complained.slice(-2000)).toEqual({ code: 0, failed: [] });
  return report;
}

/** A package that carries TensorFlow needs no network, no Python and no compiler. */
function expectWhole(report: SelfTestReport): void {
  expect(report.packaged).toBe(true);
  expect(report.steps.map(({ step }) => step)).toEqual([
    'start',
    'engine',
    'train',
    'predict',
    'explain',
    'film',
    'page',
  ]);
  const found = Object.fromEntries(report.steps.map((step) => [step.step, step.found]));
  expect(found['engine']).toMatchObject(made.tensorflow ? { backend: 'tensorflow', compiled: true } : {});
  expect(found['film']).not.toHaveProperty('skipped');
}

test('the unpacked app passes its self-test', async ({ home }) => {
  const temporary = join(home, 'tmp');
  await mkdir(temporary);
  const report = await selfTest(join(root, made.release), home, { TMPDIR: temporary });
  expectWhole(report);
  expect(await readdir(temporary), 'what is left in the temporary folder').toEqual([]);
  console.log(`self-test: ${report.steps.map(({ step, seconds }) => `${step} ${seconds.toFixed(1)} s`).join(', ')}`);
});

for (const { target, file = '' } of made.packages.filter((each) => each.file !== undefined)) {
  test(`what ${target} holds passes its self-test and is driven through the first journey`, async ({ home }) => {
    const open = unpack[target];
    test.skip(!open, `${target} is installed by hand`);
    const folder = join(home, 'unpacked');
    await mkdir(folder);
    const path = join(root, file);
    await chmod(path, 0o755);
    if (target === 'AppImage') {
      // The file itself is started, as where there is no FUSE.
      expectWhole(await selfTest(path, home, { APPIMAGE_EXTRACT_AND_RUN: '1', TMPDIR: folder }));
    }
    const program = open?.(path, folder) ?? '';
    if (target !== 'AppImage') expectWhole(await selfTest(program, home));
    const archive = await readFile(join(dirname(program), 'resources', 'app.asar'));
    expect(createHash('sha256').update(archive).digest('hex')).toBe(made.archive.sha256);
    // All but the program is the release's: that one cannot be inspected.
    await rm(program);
    await copyFile(join(root, made.test), program);
    await firstJourney(program, home);
  });
}

test('the command line of the package runs on the Node inside', async ({ home }) => {
  const program = join(dirname(join(root, made.release)), 'resources', 'heatlens');
  expect(existsSync(program)).toBe(true);
  const child = spawn(program, ['predict', join(root, 'assets', 'photos', 'chelsea.jpg'), '--json'], {
    env: bareEnvironment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect(await new Promise((settle) => child.once('close', settle))).toBe(0);
  const [answer] = JSON.parse(said) as { top: { label: string }[] }[];
  expect(answer?.top[0]?.label).toMatch(/cat|tabby|lynx/i);
});
