import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { TrainingSettings } from '#contract/training.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { machineMemory } from '#engine/backend/machine-memory.ts';
import { fixedBytes } from '#engine/training/memory-estimate.ts';
import { planRun } from '#engine/training/plan.ts';
import { preflight } from '#engine/training/preflight.ts';
import { buildMachinery } from '#engine/training/run-machinery.ts';
import { bytes } from '#test/support/keras-numbers.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('tensorflow');
});

const base: Omit<TrainingSettings, 'preset' | 'batchSize'> = {
  dataset: 'small',
  epochs: 4,
  optimizer: { name: 'adam', learningRate: 0.001 },
  seed: 1,
  validation: { amount: 'none', pick: 'last' },
};

/** Images of ten classes with noise in them. */
function noise(side: number, channels: number, count: number) {
  const labels = Array.from({ length: count }, (_, image) => image % 10);
  const pixels = [...bytes(1, 1, side * side * channels * count)];
  return smallDataSet({ height: side, width: side, channels, classes: 10, splits: { train: { labels, pixels } } });
}

/** The most bytes that were resident since `watchPeak`; the system keeps count while TensorFlow computes. Linux. */
const peak = () => Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
const watchPeak = () => writeFileSync('/proc/self/clear_refs', '5');
const onLinux = process.platform === 'linux';
const reason = onLinux ? '' : ` (skipped: ${process.platform} does not tell the peak)`;

// The first of this file: what a test before it gave back would be taken again, and not be seen to grow.
test.skipIf(!onLinux)(`memory grows by about what was estimated${reason}`, async () => {
  const [preset, size] = ['mnist-cnn', 512];
  const settings = { ...base, preset, batchSize: size };
  const plan = planRun(settings, noise(28, 1, size), backend);
  watchPeak();
  const before = process.memoryUsage.rss();
  const machinery = await buildMachinery({
    ...plan,
    ...{ settings, size, sampleWeights: undefined, pixels: { kind: 'divide-255' } as const },
    learningRate: () => 0.001,
    ready: () => backend.use('gradients'),
    busy: () => () => undefined,
  });
  const { value: batch } = await machinery.loop.training.batches(plan.cut.train, 0).next();
  for (let step = 1; step <= 2; step++) machinery.steps.train(batch!, step, 0.001);
  await machinery.dispose();
  const grown = peak() - before;
  const told = fixedBytes(plan.memory) + size * plan.memory.image;
  expect(grown / told).toBeGreaterThan(0.6);
  expect(grown / told).toBeLessThan(1.6);
});

test('a pre-flight of a convolutional network on real TensorFlow', async () => {
  const settings = { ...base, preset: 'mnist-cnn', batchSize: 32 };
  const plan = planRun(settings, noise(28, 1, 320), backend);
  const before = tf.memory().numTensors;
  const memory = await machineMemory(backend.status().device.kind);
  const told = await preflight({ settings, plan, memory, backend, busy: () => () => undefined });
  expect(tf.memory().numTensors).toBe(before);
  expect(told).toMatchObject({ images: 320, batches: 10, parameters: plan.model.parameters });
  expect(told.steps).toEqual({ compiled: true });
  expect(told.warnings).toEqual([]);
  expect(Math.abs(told.loss - Math.log(10))).toBeLessThan(0.5);
  expect(told.stepSeconds).toBeLessThan(5);
  expect(told.estimate).toBeCloseTo(told.stepSeconds * 40, 6);
  expect(memory.free).toBeGreaterThan(0);
  expect(memory.free).toBeLessThanOrEqual(memory.total);
});
