import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { AppError } from '#contract/failures.ts';
import { FilmQueue, type QueueParts } from '#engine/video/queue.ts';
import { FilmResults } from '#engine/video/results.ts';
import { someFilm, someMade, someSettings } from '#test/support/films.ts';
import { openProject } from '#test/support/open-project.ts';
import { noSmallDisk, smallDisk } from '#test/support/small-disk.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const reason = noSmallDisk;

async function queueOn(folder: string) {
  const project = await openProject(join(folder, 'project'));
  const results = await FilmResults.open(project, () => undefined);
  const parts: QueueParts = {
    ...{ results, answers: project.filmAnswersFolder, shown: true, report: () => undefined, training: () => false },
    runFilm: async (run) => {
      await writeFile(join(run.folder, 'heat.mp4'), Buffer.alloc(600_000)).catch((thrown: unknown) => {
        throw new AppError('file/no-space', 'The disk is full.', { file: run.folder }, thrown);
      });
      return someMade;
    },
    readFrames: () => Promise.reject(new Error('no copy is needed')) as never,
    openWriter: () => Promise.reject(new Error('no copy is needed')),
    label: () => Promise.resolve(undefined),
  };
  return { queue: await FilmQueue.open(project, parts, true), project };
}

test.skipIf(reason)(
  `a film that finds no room for its queue is not taken${reason ? ` (skipped: ${reason})` : ''}`,
  async () => {
    const disk = await smallDisk();
    const { queue } = await queueOn(disk);
    await writeFile(join(disk, 'filler'), Buffer.alloc(2 ** 20)).catch(() => undefined);
    await expect(queue.enqueue(someFilm(), someSettings)).rejects.toMatchObject({ code: 'file/no-space' });
    expect(queue.list()).toEqual([]);
    await queue.close();
  },
);

test.skipIf(reason)('a film that finds no room fails, leaves nothing, and is made once there is room', async () => {
  const disk = await smallDisk();
  const { queue, project } = await queueOn(disk);
  await writeFile(join(disk, 'filler'), Buffer.alloc(600_000));
  await queue.enqueue(someFilm(), someSettings);
  await vi.waitUntil(() => queue.list()[0]?.state === 'failed');
  expect(queue.list()[0]?.failure?.code).toBe('file/no-space');
  expect(await readdir(project.filmsFolder)).toEqual([]);
  await rm(join(disk, 'filler'));
  await queue.enqueue(someFilm(), someSettings);
  await vi.waitUntil(() => queue.list()[1]?.state === 'done');
  await queue.close();
});

test.skipIf(reason)('what is made and finds no room where it was wanted is kept, and says so', async () => {
  const disk = await smallDisk();
  const { queue, project } = await queueOn(await temporaryFolder());
  await writeFile(join(disk, 'filler'), Buffer.alloc(600_000));
  await queue.enqueue(someFilm(), someSettings, join(disk, 'out.mp4'));
  await vi.waitUntil(() => queue.list()[0]?.state === 'done');
  expect(queue.list()[0]?.failure?.code).toBe('file/no-space');
  expect(await readdir(disk)).toEqual(['filler']);
  expect(await readdir(project.filmsFolder)).toHaveLength(1);
  await queue.close();
});
