import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nvidiaDevices, processorFeatures, timeMatmul } from '#engine/backend/device.ts';
import { tf } from '#engine/backend/tensors.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('the GPUs that a driver serves are named as it names them', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, '0000:01:00.0'));
  await writeFile(join(folder, '0000:01:00.0', 'information'), 'Model: \t\t NVIDIA H200\nIRQ:   \t 88\n');
  expect(await nvidiaDevices(folder)).toEqual(['NVIDIA H200']);
  expect(await nvidiaDevices(join(folder, 'none'))).toEqual([]);
});

test('the features of the processor come from the first one listed', async () => {
  const file = join(await temporaryFolder(), 'cpuinfo');
  await writeFile(file, 'processor\t: 0\nflags\t\t: fpu sse4_2 avx\n\nprocessor\t: 1\nflags\t\t: fpu\n');
  expect([...((await processorFeatures(file)) ?? [])]).toEqual(['fpu', 'sse4_2', 'avx']);
  expect(await processorFeatures(`${file}-none`)).toBeUndefined();
});

test('a timed matrix product takes some time and leaves no tensor', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  expect(timeMatmul(32)).toBeGreaterThan(0);
  expect(tf.memory().numTensors).toBe(before);
});
