import { beforeAll, describe, expect, test } from 'vitest';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { openProject } from '#test/support/open-project.ts';
import { addTiny, begin, roundSettings } from '#test/support/rounds.ts';

// Runs on real TensorFlow, their steps as graphs.
let backend: Backend;

beforeAll(async () => {
  backend = await loadBackend('tensorflow');
  addTiny();
});

/**
 * To its end; interrupted after so many events of each piece, and taken up again. Not while it is tested: a run that is
 * interrupted then is done, without the test's figures.
 */
async function trained(settings: TrainingSettings, piece = Infinity): Promise<{ run: RunDetail; pieces: number }> {
  const project = await openProject();
  const store = await RunStore.open(project);
  for (let pieces = 1; ; pieces++) {
    let [events, tested] = [0, false];
    const session = await begin(
      store,
      settings,
      (event) => {
        events += 1;
        tested ||= event.kind === 'run' && event.run.state === 'testing';
        if (events === piece && !tested) session?.interrupt();
      },
      (thrown) => {
        throw thrown;
      },
    );
    await session?.run();
    const run = await store.detail(store.list()[0]!.id);
    if (run.state !== 'interrupted') return { run, pieces };
  }
}

describe.each(roundSettings(1).map((settings) => [settings.optimizer.name, settings] as const))('%s', (_, settings) => {
  test('a run in pieces ends as one that was let be, to the bit on a processor', async () => {
    const chosen = { ...settings, epochs: 5, checkpoints: { everyBatches: 3 } };
    const before = tf.memory().numTensors;
    const { run: letBe } = await trained(chosen);
    const { run, pieces } = await trained(chosen, 6);
    expect(pieces).toBeGreaterThan(3);
    for (const each of [run, letBe]) expect(each).toMatchObject({ state: 'done', steps: { compiled: true } });
    expect(run.batches.map(({ step }) => step)).toEqual(letBe.batches.map(({ step }) => step));
    if (backend.status().device.kind === 'cpu') {
      expect(run.batches).toEqual(letBe.batches);
      expect(run).toMatchObject({ revision: letBe.revision, test: letBe.test, best: letBe.best });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('with augmentation too: the images of a pass are the same after a pause', async () => {
  const augmentation = {
    ops: [{ op: 'rotation', degrees: 15 } as const, { op: 'random-crop', padding: 2 } as const],
    fill: 'reflect' as const,
    fillValue: 0,
    interpolation: 'bilinear' as const,
  };
  const plain = { ...roundSettings(1)[0]!, epochs: 3, checkpoints: { everyBatches: 3 } };
  const chosen = { ...plain, augmentation };
  const { run: letBe } = await trained(chosen);
  const { run, pieces } = await trained(chosen, 6);
  expect(pieces).toBeGreaterThan(2);
  expect((await trained(plain)).run.batches).not.toEqual(letBe.batches);
  if (backend.status().device.kind !== 'cpu') return;
  expect(run.batches).toEqual(letBe.batches);
  expect(run).toMatchObject({ revision: letBe.revision, test: letBe.test, best: letBe.best });
});

test('two hundred epochs: the count of tensors is level, and memory grows by less than two in a hundred', async () => {
  const { run } = await trained({ ...roundSettings(1)[0]!, epochs: 200, checkpoints: { everyEpochs: 20 } });
  expect(run).toMatchObject({ state: 'done', epochsDone: 200, steps: { compiled: true } });
  expect(new Set(run.history.map(({ tensors }) => tensors)).size).toBe(1);
  // Medians, after what TensorFlow and V8 take once: the collector decides when memory comes back.
  const memory = (from: number, to: number) =>
    run.history
      .slice(from, to)
      .map((record) => record.memory)
      .sort((a, b) => a - b)[Math.floor((to - from) / 2)]!;
  expect(memory(180, 200) / memory(80, 100)).toBeLessThan(1.02);
});
