import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder, lockName } from '#engine/project/lock.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function lockedBy(owner: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, lockName), typeof owner === 'string' ? owner : JSON.stringify(owner));
  return folder;
}

const endedPid = () =>
  new Promise<number>((resolve) => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    child.on('exit', () => resolve(child.pid!));
  });

test('a folder is taken once, and free again when it is given back', async () => {
  const folder = await temporaryFolder();
  const unlock = await lockFolder(folder);
  const locked = { code: 'project/locked', details: { folder, pid: process.pid } };
  await expect(lockFolder(folder)).rejects.toMatchObject(locked);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
  await (
    await lockFolder(folder)
  )();
});

test('of many that come at once one gets it', async () => {
  const folder = await lockedBy({ pid: await endedPid(), started: null, host: hostname() });
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a process that ended holds nothing', async () => {
  const folder = await lockedBy({ pid: await endedPid(), started: null, host: hostname() });
  await expect(lockFolder(folder)).resolves.toBeTypeOf('function');
});

test('a torn lock holds nothing', async () => {
  await expect(lockFolder(await lockedBy('{"pid": 1'))).resolves.toBeTypeOf('function');
});

test('a living process that got the number of an ended one holds nothing', async ({ skip }) => {
  if (process.platform !== 'linux') skip('the start of a process is only known on Linux');
  const folder = await lockedBy({ pid: process.ppid, started: 'another-boot:1', host: hostname() });
  await expect(lockFolder(folder)).resolves.toBeTypeOf('function');
});

test('a living process of unknown start, and a process of another machine, are respected', async () => {
  for (const owner of [
    { pid: process.ppid, started: null, host: hostname() },
    { pid: 1, started: null, host: 'another machine' },
  ]) {
    await expect(lockFolder(await lockedBy(owner))).rejects.toMatchObject({ code: 'project/locked' });
  }
});

test('the lock says who holds it', async () => {
  const folder = await temporaryFolder();
  await lockFolder(folder);
  const owner: unknown = JSON.parse(await readFile(join(folder, lockName), 'utf8'));
  expect(owner).toMatchObject({ pid: process.pid, host: hostname() });
});
