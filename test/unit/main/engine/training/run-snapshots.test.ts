import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { epochsKept, keepSnapshot, readSnapshot, removeSnapshotsAfter } from '#engine/training/run-snapshots.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, statfs: vi.fn(real.statfs) };
});

const weights = (value: number) => [{ name: 'dense/kernel', shape: [2], values: Float32Array.of(value, -value) }];

test('a run that kept nothing has no epochs to look back at', async () => {
  expect(await epochsKept(await temporaryFolder())).toEqual([]);
});

test("an epoch's weights are read as they were kept", async () => {
  const folder = await temporaryFolder();
  for (const epoch of [10, 2]) await keepSnapshot(folder, epoch, weights(epoch));
  expect(await epochsKept(folder)).toEqual([2, 10]);
  expect(await readSnapshot(folder, 10, 'r', [{ name: 'dense/kernel', shape: [2] }])).toEqual(weights(10));
  await expect(readSnapshot(folder, 3, 'r', [{ name: 'dense/kernel', shape: [2] }])).rejects.toMatchObject({
    code: 'run/no-weights',
  });
});

test('of more than a hundred the oldest go, but for the first', async () => {
  const folder = await temporaryFolder();
  for (let epoch = 1; epoch <= 103; epoch++) await keepSnapshot(folder, epoch, weights(epoch));
  const kept = await epochsKept(folder);
  expect(kept).toHaveLength(100);
  expect(kept.slice(0, 3)).toEqual([1, 5, 6]);
  expect(kept.at(-1)).toBe(103);
});

test('what came after the place where a run goes on is forgotten', async () => {
  const folder = await temporaryFolder();
  for (const epoch of [1, 2, 3]) await keepSnapshot(folder, epoch, weights(epoch));
  await removeSnapshotsAfter(folder, 1);
  expect(await epochsKept(folder)).toEqual([1]);
});

test('where the run itself will need the room, nothing is kept', async () => {
  const folder = await temporaryFolder();
  vi.mocked(statfs).mockResolvedValueOnce({ bavail: 16, bsize: 2 ** 20 } as Awaited<ReturnType<typeof statfs>>);
  await expect(keepSnapshot(folder, 1, weights(1))).rejects.toMatchObject({
    code: 'file/no-space',
    details: { file: join(folder, 'epochs', '1.safetensors') },
  });
  expect(await epochsKept(folder)).toEqual([]);
});
