import { beforeAll, expect, test } from 'vitest';
import { tf } from '#engine/backend/tensors.ts';
import { SeededDropout } from '#engine/model/seeded-dropout.ts';

beforeAll(() => tf.setBackend('cpu'));

function drop(rate: number, { key = 7, step = 1, training = true, size = 100_000 } = {}): number[] {
  const dropped = tf.tidy(() => {
    const layer = new SeededDropout('dropout', rate, key);
    const out = layer.apply(tf.ones([1, size]), { training, step: tf.scalar(step, 'int32') }) as tf.Tensor;
    return out.dataSync();
  }) as unknown as Float32Array;
  return [...dropped];
}

test.each([0.1, 0.25, 0.5, 0.9])('a rate of %f sets that part to zero and makes up for it', (rate) => {
  const values = drop(rate);
  const zeros = values.filter((x) => x === 0).length / values.length;
  expect(zeros).toBeCloseTo(rate, 1);
  const kept = new Set(values.filter((x) => x !== 0));
  expect([...kept]).toEqual([Math.fround(1 / (1 - rate))]);
  expect(values.reduce((sum, x) => sum + x, 0) / values.length).toBeCloseTo(1, 1);
});

test('the mask is a function of layer and step', () => {
  expect(drop(0.5)).toEqual(drop(0.5));
  expect(drop(0.5, { step: 2 })).not.toEqual(drop(0.5));
  expect(drop(0.5, { key: 8 })).not.toEqual(drop(0.5));
});

test('masks of neighbouring steps agree no more often than chance', () => {
  const [one, two] = [drop(0.5), drop(0.5, { step: 2 })];
  const agree = one.filter((x, place) => x === two[place]).length / one.length;
  expect(Math.abs(agree - 0.5)).toBeLessThan(0.02);
});

test('outside training, and at rate zero, nothing changes', () => {
  expect(new Set(drop(0.5, { training: false }))).toEqual(new Set([1]));
  expect(new Set(drop(0))).toEqual(new Set([1]));
});

test('training without a step is an error of the program', () => {
  const layer = new SeededDropout('dropout', 0.5, 1);
  expect(() => tf.tidy(() => layer.apply(tf.ones([1, 4]), { training: true }) as tf.Tensor)).toThrow('needs the step');
});
