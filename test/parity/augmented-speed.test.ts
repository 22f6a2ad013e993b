import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { augmentation } from '#contract/augmentation.ts';
import { MemorySource } from '#engine/data/memory-source.ts';
import { BatchLoader } from '#engine/data/loader/batch-loader.ts';
import { threadsFor } from '#engine/data/loader/threads-for.ts';
import { ascending, generator } from '#engine/data/random.ts';
import { buildNetwork } from '#engine/model/network.ts';
import { ImageStream } from '#engine/training/image-stream.ts';
import { objectiveOf } from '#engine/training/objective-of.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { makeSteps } from '#engine/training/steps.ts';

const [size, steps] = [64, 3];
/** Images a second, augmented to plain. */
const least = 0.75;
const images = { height: 32, width: 32, channels: 3, classes: 10 };
const settings = augmentation.parse({
  ops: [
    { op: 'flip-left-right' },
    { op: 'random-crop', padding: 4 },
    { op: 'rotation', degrees: 10 },
    { op: 'zoom', low: 0.9, high: 1.1 },
    { op: 'brightness', delta: 0.1 },
    { op: 'hue', delta: 0.05 },
  ],
});

function source(): MemorySource {
  const count = size * steps;
  const next = generator(1);
  const pixels = new Uint8Array(new SharedArrayBuffer(count * 32 * 32 * 3));
  for (let at = 0; at < pixels.length; at++) pixels[at] = next() >>> 24;
  return new MemorySource(
    pixels,
    Uint16Array.from({ length: count }, () => next() % 10),
  );
}

test('ResNet-18 on 32×32 by 64 trains on augmented images at three quarters of the plain speed and more', async () => {
  const backend = await loadBackend('tensorflow', { compiled: true });
  const network = buildNetwork('resnet-18', images, 1);
  const trainable = network.variables.filter((variable) => variable.trainable);
  const optimizer = makeOptimizer({ name: 'sgd', learningRate: 1e-4 }, trainable);
  const sizes = { train: [size], evaluate: [] };
  const of = makeSteps({ network, optimizer, ...objectiveOf({}, network.endsIn), compile: true, sizes });
  const all = source();
  let step = 0;
  const made = [undefined, { settings, seed: 1 }].map((augment) => {
    const threads = threadsFor(size * 32 * 32 * 3, all, augment !== undefined);
    const loader = new BatchLoader({ images, source: all, size, ahead: 2, threads, augment });
    return { loader, threads, seconds: [] as number[] };
  });
  expect(made.map(({ threads }) => threads)).toEqual([0, Math.min(2, cpus().length)]);
  // Turn about and the best of each, so that what else the machine does weighs little; the first round warms up.
  const best = () => made.map(({ seconds }) => (size * steps) / Math.min(...seconds.slice(1)));
  const ratio = ([plain = Infinity, augmented = 0] = best()) => augmented / plain;
  for (let round = 0; round < 3 || (round < 9 && ratio() <= least); round++) {
    for (const { loader, seconds } of made) {
      const order = { source: loader, images: ascending(all.count), seed: 1, shuffle: true };
      const stream = new ImageStream(order, { pass: round + 1, image: 0 });
      const since = performance.now();
      for (let done = 0; done < steps; done++) of.train(await stream.next(), ++step, 1e-4);
      seconds.push((performance.now() - since) / 1000);
    }
  }
  await Promise.all(made.map(({ loader }) => loader.dispose()));
  for (const each of [of, optimizer, network]) each.dispose();
  const [plain = 0, augmented = 0] = best();
  process.stdout.write(`plain ${plain.toFixed(1)}, augmented ${augmented.toFixed(1)} images/s\n`);
  // A graphics card may be faster than two threads make images.
  if (backend.status().device.kind === 'cpu') expect(ratio()).toBeGreaterThan(least);
}, 240_000);
