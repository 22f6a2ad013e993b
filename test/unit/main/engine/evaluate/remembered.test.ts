import { expect, test } from 'vitest';
import { Remembered } from '#engine/evaluate/remembered.ts';

const predictions = (values: number) => ({
  ...{ revision: '', predicted: new Uint16Array(1), classes: values },
  probabilities: new Float32Array(values),
});

test('what was used longest ago leaves when the bytes do not suffice', () => {
  const remembered = new Remembered(100);
  for (const key of ['a', 'b']) remembered.set(key, predictions(12));
  remembered.get('a');
  remembered.set('c', predictions(12));
  expect(['a', 'b', 'c'].filter((key) => remembered.get(key))).toEqual(['a', 'c']);
});

test('the latest stays, however large', () => {
  const remembered = new Remembered(100);
  remembered.set('small', predictions(1));
  const large = predictions(1000);
  remembered.set('large', large);
  expect(remembered.get('small')).toBeUndefined();
  expect(remembered.get('large')).toBe(large);
});
