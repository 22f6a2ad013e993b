import { existsSync } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '#engine/backend/provision/lock.ts';
import { silentWork } from '#test/support/silent-work.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const patience = { stale: 5000, wait: 5000 };

test('a second one waits for the first, and says so', async () => {
  const folder = await temporaryFolder();
  const order: string[] = [];
  let finish = (): void => undefined;
  let begun = (): void => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const first = withLock(
    folder,
    silentWork(),
    async () => {
      begun();
      await new Promise<void>((resolve) => (finish = resolve));
      order.push('first');
    },
    patience,
  );
  await running;
  const work = silentWork();
  const second = withLock(folder, work, async () => void order.push('second'), patience);
  while (work.told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(work.told[0]).toMatchObject({ stage: 'lock' });
  finish();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  expect(existsSync(join(folder, 'engine.lock'))).toBe(false);
});

test('one that nobody waits for any longer fails with provision/locked', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'engine.lock'));
  const failure = withLock(folder, silentWork(), async () => 'never', { stale: 5000, wait: 50 });
  await expect(failure).rejects.toMatchObject({ code: 'provision/locked', details: { folder } });
});

test('the lock of a process that is gone is taken over', async () => {
  const folder = await temporaryFolder();
  const lock = join(folder, 'engine.lock');
  await mkdir(lock);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(lock, longAgo, longAgo);
  expect(await withLock(folder, silentWork(), async () => 'done', patience)).toBe('done');
});

test('waiting can be cancelled', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'engine.lock'));
  const stop = new AbortController();
  const waiting = withLock(folder, silentWork(stop.signal), async () => 'never', patience);
  setTimeout(() => stop.abort(), 20);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('a task that fails frees the lock', async () => {
  const folder = await temporaryFolder();
  const failing = withLock(folder, silentWork(), () => Promise.reject(new Error('no luck')), patience);
  await expect(failing).rejects.toThrow('no luck');
  expect(existsSync(join(folder, 'engine.lock'))).toBe(false);
});
