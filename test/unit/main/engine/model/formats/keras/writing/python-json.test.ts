import { expect, test } from 'vitest';
import { pythonJson } from '#engine/model/formats/keras/writing/python-json.ts';

test.each([
  { value: { momentum: 0, learning_rate: 1, filters: 3 }, want: '{"momentum":0.0,"learning_rate":1.0,"filters":3}' },
  { value: { momentum: 0.9, epsilon: 1e-7, clipnorm: null }, want: '{"momentum":0.9,"epsilon":1e-7,"clipnorm":null}' },
  { value: { scale: true, offset: -1 }, want: '{"scale":true,"offset":-1.0}' },
  { value: { name: 'momentum 0', list: [{ rate: 0 }] }, want: '{"name":"momentum 0","list":[{"rate":0.0}]}' },
])('$want', ({ value, want }) => {
  expect(pythonJson(value)).toBe(want);
  expect(JSON.parse(pythonJson(value))).toEqual(value);
});
