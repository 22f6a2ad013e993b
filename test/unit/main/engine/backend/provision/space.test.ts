import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { freeSpace, fullDisk, requireSpace } from '#engine/backend/provision/space.ts';

test('too little room is said before anything is fetched, in megabytes', async () => {
  const failure = requireSpace('/cache', 1.5e9, () => Promise.resolve(0.4e9));
  await expect(failure).rejects.toMatchObject({
    code: 'provision/no-space',
    details: { folder: '/cache', neededMegabytes: 1500, freeMegabytes: 400 },
  });
});

test('enough room is no failure', async () => {
  await expect(requireSpace('/cache', 1.5e9, () => Promise.resolve(1.5e9))).resolves.toBeUndefined();
});

test('the room of a real folder is a number of bytes', async () => {
  expect(await freeSpace(tmpdir())).toBeGreaterThan(0);
});

test.each([
  ['ENOSPC', 'provision/no-space'],
  ['EDQUOT', 'provision/no-space'],
  ['EACCES', undefined],
])('%s on the way is %s', (code, expected) => {
  expect(fullDisk(Object.assign(new Error(code), { code }), '/cache')?.code).toBe(expected);
});
