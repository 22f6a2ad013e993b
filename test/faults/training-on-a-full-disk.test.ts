import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { noSmallDisk, smallDisk } from '#test/support/small-disk.ts';
import { follow, settings, smallTraining } from '#test/support/small-training.ts';

const left = noSmallDisk ? ` (skipped: ${noSmallDisk})` : '';

test.skipIf(noSmallDisk)(`a disk that becomes full fails the run; what it saved before stays${left}`, async () => {
  const disk = await smallDisk();
  const filler = join(disk, 'filler');
  const { project, store, trainer, data } = await smallTraining({ folder: join(disk, 'project') });
  const run = await trainer.start({ ...settings, epochs: 10_000 });
  let saved: Awaited<ReturnType<typeof store.detail>> | undefined;
  await follow(trainer, run, async (event) => {
    if (saved || event.kind !== 'epoch') return;
    await trainer.pause(run.id);
    await new Promise((resolve) => setTimeout(resolve, 50));
    saved = await store.detail(run.id);
    await writeFile(filler, Buffer.alloc(2 ** 20)).catch(() => undefined); // to its last page
    await trainer.resume(run.id).catch(() => trainer.stop(run.id, 'now').catch(() => undefined));
  });
  expect(store.get(run.id)).toMatchObject({ state: 'failed', failure: { code: 'file/no-space' } });
  expect((await store.detail(run.id)).history).toEqual(saved!.history);
  const network = await loadRunNetwork(store.get(run.id), store.folder(run.id), data);
  network.dispose();

  await rm(filler);
  const again = (await RunStore.open(project)).get(run.id);
  expect(again).toMatchObject({ state: 'interrupted', epochsDone: saved!.epochsDone, revision: saved!.revision });
  await follow(trainer, await trainer.start(settings));
  expect(store.list()[0]).toMatchObject({ state: 'done', epochsDone: 3 });
});

test.skipIf(noSmallDisk)(`a run that cannot be begun for lack of space leaves nothing behind${left}`, async () => {
  const disk = await smallDisk();
  const filler = join(disk, 'filler');
  const { project, store, trainer } = await smallTraining({ folder: join(disk, 'project') });
  const earlier = await trainer.start(settings);
  await follow(trainer, earlier);
  const whole = await store.detail(earlier.id);
  await writeFile(filler, Buffer.alloc(2 ** 20)).catch(() => undefined);
  await expect(trainer.start(settings)).rejects.toMatchObject({ code: 'file/no-space' });
  expect(trainer.active).toBe(false);
  const again = await RunStore.open(project);
  expect(again.list().map(({ id }) => id)).toEqual([earlier.id]);
  expect(await again.detail(earlier.id)).toEqual(whole);
  await rm(filler);
  await follow(trainer, await trainer.start(settings));
  expect(store.list().map(({ state }) => state)).toEqual(['done', 'done']);
});
