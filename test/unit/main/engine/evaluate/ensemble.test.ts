import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EnsembleMean, EnsembleReport } from '#contract/evaluation.ts';
import { optimizerDefaults, type RunSummary } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { Evaluator } from '#engine/evaluate/evaluator.ts';
import type { Trained } from '#engine/predict/trained.ts';
import { weightsHash } from '#engine/predict/weights.ts';
import type { Network } from '#engine/model/network.ts';

const home = mkdtempSync(path.join(tmpdir(), 'heatlens-ensemble-'));
const folderOf = (run: string) => path.join(home, run);
beforeAll(() => tf.setBackend('cpu'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => {
  for (const run of ['a', 'b', 'c']) {
    rmSync(folderOf(run), { recursive: true, force: true });
    mkdirSync(path.join(folderOf(run), 'checkpoints'), { recursive: true });
    writeFileSync(path.join(folderOf(run), 'checkpoints', 'last.safetensors'), run);
  }
});

/** What each run says of an image: probabilities of class 0 and 1, by its only pixel. */
const says: Record<string, [number, number][]> = {
  a: [
    [0.9, 0.1],
    [0.6, 0.4],
    [0.2, 0.8],
  ],
  b: [
    [0.4, 0.6],
    [0.1, 0.9],
    [0.7, 0.3],
  ],
  c: [
    [0.5, 0.5],
    [0.5, 0.5],
    [0.5, 0.5],
  ],
};
const labels = Uint16Array.of(0, 1, 1);

function world(changes: Record<string, Partial<RunSummary>> = {}) {
  const data = {
    summary: { id: 'd', name: 'D', hash: 'h' },
    ...{ height: 1, width: 1, channels: 1, classes: ['x', 'y'] },
    source: () => ({
      count: 3,
      labels,
      read: (indices: ArrayLike<number>, into: Uint8Array) => into.set(Array.from(indices)),
    }),
  } as unknown as DataSet;
  const settings = {
    ...{ dataset: 'd', seed: 1, validation: { amount: 'none', pick: 'last' }, optimizer: optimizerDefaults.adam },
  };
  const network = (run: string): Network =>
    ({
      layers: { inputs: [{ shape: [null, 1, 1, 1] }] },
      logits: (pixels: tf.Tensor4D) =>
        tf.tidy(() => tf.log(tf.gather(tf.tensor2d(says[run] ?? []), pixels.reshape([-1]).toInt()))),
      dispose: () => undefined,
    }) as unknown as Network;
  const measured: string[] = [];
  const trained: Trained = {
    summary: (id) =>
      Promise.resolve({
        id,
        name: `Run ${id}`,
        classes: ['x', 'y'],
        settings,
        ...changes[id],
      } as unknown as RunSummary),
    folder: folderOf,
    revision: (id) => weightsHash(id, folderOf(id)),
    network: (id) => {
      measured.push(id);
      return Promise.resolve(network(id));
    },
    dataset: () => Promise.resolve(data),
    ready: () => Promise.resolve(),
  };
  return { evaluator: new Evaluator(trained), measured };
}

async function average(evaluator: Evaluator, runs: string[], mean: EnsembleMean = 'arithmetic') {
  const steps = evaluator.ensemble({ runs, mean, split: 'test' });
  const told = new Set<string>();
  for (let step = await steps.next(); ; step = await steps.next()) {
    if (step.done) return { report: step.value, told: [...told] };
    told.add(step.value.run);
  }
}

const probabilitiesOf = async (evaluator: Evaluator, { run }: EnsembleReport) =>
  Array.from((await evaluator.predictions(run, 'd', 'test'))?.probabilities ?? []);

function expectClose(found: number[], expected: number[]) {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
}

describe('the mean of two runs', () => {
  test('arithmetic: each probability is half of both', async () => {
    const { evaluator } = world();
    const { report } = await average(evaluator, ['a', 'b']);
    expectClose(await probabilitiesOf(evaluator, report), [0.65, 0.35, 0.35, 0.65, 0.45, 0.55]);
    expect(report).toMatchObject({ count: 3, accuracy: 1, mean: 'arithmetic', dataset: 'd', split: 'test' });
    expect(report.members.map(({ run, accuracy }) => [run, accuracy])).toEqual([
      ['a', 2 / 3],
      ['b', 1 / 3],
    ]);
    expect(report.loss).toBeCloseTo(-(Math.log(0.65) * 2 + Math.log(0.55)) / 3, 6);
  });

  test('geometric: the roots of the products, made to sum to 1', async () => {
    const { evaluator } = world();
    const { report } = await average(evaluator, ['a', 'b'], 'geometric');
    const expected = [0, 1, 2].flatMap((row) => {
      const roots = [0, 1].map((k) => Math.sqrt((says['a']?.[row]?.[k] ?? 0) * (says['b']?.[row]?.[k] ?? 0)));
      return roots.map((root) => root / ((roots[0] ?? 0) + (roots[1] ?? 0)));
    });
    expectClose(await probabilitiesOf(evaluator, report), expected);
  });
});

test('only members without figures are measured, and progress says which', async () => {
  const { evaluator, measured } = world();
  const steps = evaluator.measure({ run: 'a', split: 'test' });
  while (!(await steps.next()).done);
  const { told } = await average(evaluator, ['a', 'b']);
  expect(told).toEqual(['b']);
  expect(measured).toEqual(['a', 'b']);
});

test('its images, calibration and thresholds are asked for by its own name', async () => {
  const { evaluator } = world();
  const { report } = await average(evaluator, ['a', 'b']);
  const which = { run: report.run, split: 'test' } as const;
  expect(await evaluator.calibration(which)).toMatchObject({ count: 3, accuracy: 1 });
  expect(await evaluator.thresholds(which, 0)).toMatchObject({ one: { positives: 1, auc: 1 } });
  await expect(world().evaluator.predictions(report.run, 'd', 'test')).resolves.toBeNull();
});

test('other members or another mean are another ensemble', async () => {
  const { evaluator } = world();
  const names = new Set([
    (await average(evaluator, ['a', 'b'])).report.run,
    (await average(evaluator, ['a', 'c'])).report.run,
    (await average(evaluator, ['a', 'b'], 'geometric')).report.run,
  ]);
  expect(names.size).toBe(3);
  expect((await average(evaluator, ['a', 'b'])).report.run).toBe([...names][0]);
});

test.each([
  ['other classes', { b: { classes: ['x', 'z'] } }, ['a', 'b'], 'evaluate/members-differ'],
  ['more classes', { b: { classes: ['x', 'y', 'z'] } }, ['a', 'b'], 'evaluate/members-differ'],
  ['other images', { b: { settings: { dataset: 'd', limitTest: 2 } } }, ['a', 'b'], 'evaluate/members-differ'],
  ['the same run twice', {}, ['a', 'a'], 'call/invalid'],
])('%s are refused', async (_, changes, runs, code) => {
  const { evaluator } = world(changes as unknown as Record<string, Partial<RunSummary>>);
  await expect(average(evaluator, runs)).rejects.toMatchObject({ code });
});
