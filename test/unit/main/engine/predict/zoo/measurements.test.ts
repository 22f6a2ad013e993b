import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Measurements } from '#engine/predict/zoo/measurements.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const on = (name: string) => () => ({
  backend: 'tensorflow' as const,
  version: '2.21.0',
  device: { kind: 'cpu' as const, name },
});

test('what was measured is kept for this device, and for others not', async () => {
  const folder = path.join(await temporaryFolder(), 'not-yet');
  await new Measurements(folder, on('a')).keep('vgg16', { one: 20, eight: 10 });
  await new Measurements(folder, on('b')).keep('vgg16', { one: 2, eight: 1 });
  await new Measurements(folder, on('a')).keep('vgg19', { one: 30, eight: 15 });
  expect(new Measurements(folder, on('a')).of('vgg16')).toMatchObject({ one: 20, eight: 10, device: 'a' });
  expect(new Measurements(folder, on('a')).of('vgg19')).toMatchObject({ one: 30 });
  expect(new Measurements(folder, on('b')).of('vgg16')).toMatchObject({ one: 2, device: 'b' });
  expect(new Measurements(folder, on('c')).of('vgg16')).toBeUndefined();
});

test('a damaged file counts as none', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'measured.json'), '{"a": 1');
  const measurements = new Measurements(folder, on('a'));
  expect(measurements.of('vgg16')).toBeUndefined();
  await measurements.keep('vgg16', { one: 20, eight: 10 });
  expect(measurements.of('vgg16')).toMatchObject({ one: 20 });
});
