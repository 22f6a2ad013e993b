import { totalmem } from 'node:os';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findInstalled } from '#engine/backend/installed.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { buildNetwork } from '#engine/model/network.ts';
import { follow, settings, smallTraining } from '#test/support/small-training.ts';

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

test('its version is that of the engine in the cache, and its memory is counted in bytes', async () => {
  const { version, device } = backend.status();
  const engines = await findInstalled(device.kind === 'cuda' ? 'cuda' : 'cpu');
  expect(engines.map((engine) => engine.version)).toContain(version);
  const before = backend.status().memory;
  const million = tf.zeros([1000, 1000]);
  const { memory } = backend.status();
  expect(memory.tensorBytes - before.tensorBytes).toBe(4e6);
  expect(memory.resident).toBeGreaterThan(50e6); // TensorFlow alone is larger
  expect(memory.resident).toBeLessThan(memory.total);
  expect(memory.total).toBe(totalmem());
  million.dispose();
});

describe('beside it, JavaScript', () => {
  afterEach(() => tf.setBackend('tensorflow'));

  test('WebAssembly predicts as TensorFlow does with the same weights', async () => {
    await tf.setBackend('tensorflow');
    const right = await predicted();
    const js = await loadBackend('js');
    expect([js.name, tf.getBackend()]).toEqual(['wasm', 'wasm']);
    const same = await predicted();
    expect(right).toHaveLength(8 * 10);
    expect(new Set(right.map((p) => p.toFixed(3))).size, 'different answers').toBeGreaterThan(10);
    expect(Math.max(...right.map((p, i) => Math.abs(p - (same[i] ?? NaN))))).toBeLessThan(1e-4);
  });

  test('gradients go to plain JavaScript, and the same tensors are there again for prediction', async () => {
    const js = await loadBackend('js');
    const square = tf.tensor1d([1, -2, 3]);
    await js.use('gradients');
    expect(tf.getBackend()).toBe('cpu');
    const slope = tf.grad((x) => x.square().sum())(square);
    expect([...(await slope.data())]).toEqual([2, -4, 6]);
    await js.use('prediction');
    expect(tf.getBackend()).toBe('wasm');
    expect([...(await slope.add(square).data())]).toEqual([3, -6, 9]);
    tf.dispose([square, slope]);
  });

  test('a small network of dense layers learns', async () => {
    const js = await loadBackend('js');
    const { trainer, store } = await smallTraining({ backend: js });
    const run = await trainer.start({ ...settings, epochs: 3 });
    await follow(trainer, run);
    const { state, history } = await store.detail(run.id);
    expect(state).toBe('done');
    expect(history).toHaveLength(3);
    expect(history[2]!.loss).toBeLessThan(history[0]!.loss);
  });
});

/** Probabilities of the book's network for 8 made-up images, on the present backend; no tensor is left. */
async function predicted(): Promise<number[]> {
  const network = buildNetwork('mnist-cnn', { height: 28, width: 28, channels: 1, classes: 10 }, 7);
  const before = tf.memory().numTensors;
  const probabilities = tf.tidy(() => {
    for (const { name, variable } of network.variables) {
      if (!name.endsWith('bias')) continue; // fresh ones are 0 and would prove nothing
      const values = Float32Array.from({ length: variable.size }, (_, at) => ((at % 7) - 3) / 20);
      variable.assign(tf.tensor(values, variable.shape));
    }
    const pixels = Float32Array.from({ length: 8 * 784 }, (_, at) => ((at * 2_654_435_761) >>> 24) * ((at >> 9) % 2));
    return network.logits(tf.tensor4d(pixels, [8, 28, 28, 1]), { training: false }).softmax();
  });
  const values = [...(await probabilities.data())];
  probabilities.dispose();
  expect(tf.memory().numTensors).toBe(before);
  network.dispose();
  return values;
}
