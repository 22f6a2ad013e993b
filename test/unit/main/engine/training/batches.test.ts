import { beforeAll, expect, test } from 'vitest';
import { tf } from '#engine/backend/tensors.ts';
import { Batches } from '#engine/training/batches.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

beforeAll(() => tf.setBackend('cpu'));

const data = smallDataSet({ height: 1, width: 2, channels: 3, splits: { train: { labels: [0, 1, 2, 1, 0, 250] } } });
const batches = new Batches(data, data.source('train')!, 4);
const order = Uint32Array.of(5, 0, 3, 2, 1);

test('images come in the order asked for, the last batch with what is left', () => {
  expect(batches.count(order.length)).toBe(2);
  const [first, last] = [batches.read(order, 0), batches.read(order, 1)];
  expect(first.pixels.shape).toEqual([4, 1, 2, 3]);
  expect(first.pixels.dtype).toBe('float32');
  expect([...first.pixels.dataSync()].filter((_, place) => place % 6 === 0)).toEqual([5, 0, 3, 2]);
  expect([...first.labels.dataSync()]).toEqual([250, 0, 1, 2]);
  expect(first.labels.dtype).toBe('int32');
  expect(last.pixels.shape).toEqual([1, 1, 2, 3]);
  expect([...last.pixels.dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
  tf.dispose([first.pixels, first.labels, last.pixels, last.labels]);
});

test('a batch keeps its pixels when the next one is read into the same buffer', () => {
  const first = batches.read(order, 0);
  const other = batches.read(order.slice().reverse(), 0);
  expect(first.pixels.dataSync()[0]).toBe(5);
  tf.dispose([first.pixels, first.labels, other.pixels, other.labels]);
});
