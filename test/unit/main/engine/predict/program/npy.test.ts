import { expect, test } from 'vitest';
import { npy, npyHeader } from '#engine/predict/program/npy.ts';

test.each([
  ['u1', [3], '|u1', '(3,)'],
  ['u1', [1000, 224, 224, 3], '|u1', '(1000, 224, 224, 3)'],
  ['i4', [2], '<i4', '(2,)'],
  ['f4', [2, 5], '<f4', '(2, 5)'],
] as const)('a header of %s %j is as NumPy writes it', (type, shape, order, sides) => {
  const header = npyHeader(type, shape);
  expect(header.length % 64).toBe(0);
  expect(header.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
  expect(header.readUInt16LE(8)).toBe(header.length - 10);
  const words = header.subarray(10).toString('latin1');
  expect(words.trimEnd()).toBe(`{'descr': '${order}', 'fortran_order': False, 'shape': ${sides}, }`);
  expect(words.endsWith('\n')).toBe(true);
});

test('values follow, also those of a view', () => {
  const whole = Float32Array.of(1, 2, 3);
  const file = npy(whole.subarray(1), [2]);
  expect(file.subarray(-8)).toEqual(Buffer.from(Float32Array.of(2, 3).buffer));
});
