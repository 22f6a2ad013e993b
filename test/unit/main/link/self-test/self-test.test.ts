import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { LaunchEngine } from '#link/engine-child.ts';
import { nodeLauncher } from '#link/node-process.ts';
import { selfTest } from '#link/self-test/self-test.ts';
import { AppError } from '#contract/failures.ts';

const standIn = path.resolve(import.meta.dirname, '../../../../support/engine-stand-in.mjs');
const told = { launch: nodeLauncher(standIn), versions: { heatlens: '0.1.0' }, packaged: false };
const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('heatlens-self-test-'));

test('steps are taken in order, what they found is told, and nothing is left behind', async () => {
  const before = await left();
  let project = '';
  const launch: LaunchEngine = (args, hears) => {
    project = args.project ?? '';
    return told.launch(args, hears);
  };
  const report = await selfTest({
    ...{ ...told, launch },
    steps: { engine: () => Promise.resolve({ backend: 'none' }), predict: () => Promise.resolve({}) },
    ownSteps: { page: (engine) => Promise.resolve({ life: engine.life.state }) },
  });
  expect(report).toMatchObject({ ok: true, versions: { heatlens: '0.1.0' }, packaged: false });
  expect(report.steps.map(({ step, ok, found }) => ({ step, ok, found }))).toEqual([
    { step: 'start', ok: true, found: {} },
    { step: 'engine', ok: true, found: { backend: 'none' } },
    { step: 'predict', ok: true, found: {} },
    { step: 'page', ok: true, found: { life: 'ready' } },
  ]);
  expect(path.basename(project)).toMatch(/^heatlens-self-test-/);
  expect(existsSync(project)).toBe(false);
  expect((await left()).length).toBeLessThanOrEqual(before.length);
});

test('a step that fails is told with its reason, and the others are taken all the same', async () => {
  const report = await selfTest({
    ...told,
    steps: {
      train: () => Promise.reject(new AppError('internal', 'No loss.', { reason: 'no loss' })),
      predict: () => Promise.resolve({}),
    },
  });
  expect(report.ok).toBe(false);
  expect(report.steps.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(report.steps[1]?.failure).toEqual({ code: 'internal', message: 'No loss.' });
});

test('a step that never ends has failed after its time', async () => {
  const never = () => new Promise<never>(() => undefined);
  const report = await selfTest({ ...told, steps: { predict: never }, stepSeconds: 0.2 });
  expect(report.steps[1]).toMatchObject({ ok: false, failure: { message: 'It took longer than 0.2 s.' } });
});

test('an engine that does not start is the only step, beside the host’s own', async () => {
  const launch: LaunchEngine = () => {
    throw new Error('there is no Node');
  };
  const report = await selfTest({ ...told, launch, ownSteps: { page: () => Promise.resolve({}) } });
  expect(report.steps.map(({ step, ok }) => [step, ok])).toEqual([
    ['start', false],
    ['page', true],
  ]);
  expect(report.steps[0]?.failure?.message).toContain('there is no Node');
});
