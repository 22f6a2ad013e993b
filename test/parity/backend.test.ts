import { beforeAll, expect, test } from 'vitest';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await loadBackend('tensorflow');
});

test('the engine is real TensorFlow and says on which device', () => {
  const status = backend.status();
  expect(status).toMatchObject({ backend: 'tensorflow', trains: 'everything', pid: process.pid });
  expect(status.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(status.device.name).not.toBe('');
});

test('a matrix product is right and leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const product = tf.tidy(() =>
    tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]).matMul(tf.tensor2d([7, 8, 9, 10, 11, 12], [3, 2])),
  );
  expect(await product.array()).toEqual([
    [58, 64],
    [139, 154],
  ]);
  expect(backend.status().memory.tensors).toBe(before + 1);
  product.dispose();
  expect(backend.status().memory.tensors).toBe(before);
});
