import { beforeAll, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { tf } from '#engine/backend/tensors.ts';
import { generator } from '#engine/data/random.ts';
import { Inference } from '#engine/predict/inference.ts';
import { buildNetwork } from '#engine/model/network.ts';

beforeAll(async () => {
  await loadBackend('tensorflow');
});

test.each(['mnist-cnn', 'resnet-18', 'googlenet'])(
  '%s predicts as a graph what it predicts operation by operation, whatever the number of images',
  { timeout: 60_000 },
  (preset) => {
    const side = preset === 'mnist-cnn' ? 28 : 32;
    const images = { height: side, width: side, channels: 3, classes: 10 };
    const tensors = tf.memory().numTensors;
    const sessions = tensorflowBackend().getNumOfSavedModels();
    const network = buildNetwork(preset, images, 5);
    const inference = new Inference(network);
    for (const count of [1, 3, 1]) {
      const next = generator(count, 1);
      const pixels = Uint8Array.from({ length: count * side * side * 3 }, () => next() & 255);
      const shape: [number, number, number, number] = [count, side, side, 3];
      const expected = tf.tidy(() =>
        network.logits(tf.tensor4d(Float32Array.from(pixels), shape), { training: false }).dataSync<'float32'>(),
      ) as unknown as Float32Array;
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const received = inference.logits(pixels, count);
      expect(received).toHaveLength(count * 10);
      // Constants are folded and operations joined for speed: equal but for roundings.
      for (const [place, value] of received.entries()) {
        expect(Math.abs(value - expected[place]!)).toBeLessThanOrEqual(2e-5 * largest);
      }
    }
    expect(inference.mode).toEqual({ compiled: true });
    expect(tensorflowBackend().getNumOfSavedModels()).toBe(sessions + 1);
    inference.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tensorflowBackend().getNumOfSavedModels()).toBe(sessions);
  },
);

test('pictures of another size are refused before anything is computed', () => {
  const inference = new Inference(buildNetwork('mnist-cnn', { height: 28, width: 28, channels: 1, classes: 10 }, 5));
  expect(() => inference.logits(new Uint8Array(100), 1)).toThrow('28×28×1');
  inference.dispose();
});
