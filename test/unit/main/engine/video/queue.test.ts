import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { AppError } from '#contract/failures.ts';
import type { FilmJob } from '#contract/video.ts';
import type { Project } from '#engine/project/project.ts';
import { FilmQueue, type QueueParts } from '#engine/video/queue.ts';
import { FilmResults } from '#engine/video/results.ts';
import type { FilmMade, FilmRun } from '#engine/video/stages.ts';
import { someFilm, someMade, someSettings } from '#test/support/films.ts';
import { openProject } from '#test/support/open-project.ts';

interface FakeRun extends FilmRun {
  finish(made?: FilmMade): Promise<void>;
  fail(thrown: unknown): void;
  tell(done: number): void;
}

/** Runs that end when the test says so; aborted they end at once, like the real ones. */
function fakeRuns() {
  const runs: FakeRun[] = [];
  const runFilm: QueueParts['runFilm'] = (run, tell, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      const progress = { stage: 'frames', total: 4, framesPerSecond: 2, secondsLeft: 1, latest: null } as const;
      const size = { width: 1, height: 1 };
      runs.push({
        ...run,
        finish: async (made = someMade) => {
          await writeFile(join(run.folder, 'heat.mp4'), 'the film');
          resolve(made);
        },
        fail: reject,
        tell: (done) => tell({ ...progress, done, picture: { size, pixels: Uint8Array.of(done, 0, 0) } }),
      });
    });
  return { runs, runFilm };
}

async function opened(over: Partial<QueueParts> = {}, project?: Project, goesOn = true) {
  const { runs, runFilm } = fakeRuns();
  const held = project ?? (await openProject());
  const reported: unknown[] = [];
  const report = (thrown: unknown) => void reported.push(thrown);
  const results = await FilmResults.open(held, report);
  const nothing = () => Promise.reject(new Error('no copy is needed'));
  const readFrames = async function* () {
    await nothing();
    yield { index: 0, seconds: 0, pixels: new Uint8Array() };
    return { damaged: 0 };
  };
  const parts: QueueParts = {
    ...{ runFilm, results, answers: held.filmAnswersFolder, shown: true, readFrames, openWriter: nothing, report },
    label: () => Promise.resolve('cat'),
    training: () => false,
    ...over,
  };
  const queue = await FilmQueue.open(held, parts, goesOn);
  const run = (place: number) => vi.waitUntil(() => runs[place]);
  return { queue, results, project: held, runs, run, reported };
}

const states = (queue: FilmQueue) => queue.list().map(({ state }) => state);
const onDisk = async (project: Project) =>
  (JSON.parse(await readFile(join(project.folder, 'film-queue.json'), 'utf8')) as { jobs: FilmJob[] }).jobs;

test('films are made one after the other, and are results then', async () => {
  const { queue, results, runs, run, project } = await opened();
  const first = await queue.enqueue(someFilm('a.mp4'), someSettings);
  const second = await queue.enqueue(someFilm('b.mp4'), someSettings);
  const one = await run(0);
  expect(states(queue)).toEqual(['running', 'waiting']);
  one.tell(3);
  expect(queue.list()[0]).toMatchObject({ stage: 'frames', done: 3, total: 4, framesPerSecond: 2, secondsLeft: 1 });
  expect(queue.picture(first.id)?.pixels[0]).toBe(3);
  expect(queue.picture(second.id)).toBeNull();
  await one.finish();
  const two = await run(1);
  expect(queue.list()[0]).toMatchObject({ state: 'done', result: first.id, done: 4, total: 4 });
  expect(queue.picture(first.id)).toBeNull();
  await two.finish();
  await vi.waitUntil(() => states(queue)[1] === 'done');
  expect(runs).toHaveLength(2);
  expect(
    results
      .list()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['a.mp4', 'b.mp4']);
  expect(existsSync(join(project.filmsFolder, first.id, 'film.json'))).toBe(true);
  expect(await onDisk(project)).toEqual([]);
});

test('a film that fails says why, leaves nothing, and the next one is made', async () => {
  const { queue, run, project, reported } = await opened();
  await queue.enqueue(someFilm('a.mp4'), someSettings);
  await queue.enqueue(someFilm('b.mp4'), someSettings);
  (await run(0)).fail(new AppError('film/cut-short', 'It ends.', { file: 'a.mp4', frames: 3, expected: 4 }));
  await run(1);
  const [failed] = queue.list();
  expect(failed).toMatchObject({ state: 'failed', failure: { code: 'film/cut-short', details: { frames: 3 } } });
  expect(await readdir(project.filmsFolder)).toHaveLength(1);
  expect(reported).toHaveLength(1);
});

test('cancelled, a film that runs ends with nothing on the disk; one that waits or has ended leaves the list', async () => {
  const { queue, run, runs, project } = await opened();
  const first = await queue.enqueue(someFilm('a.mp4'), someSettings);
  const second = await queue.enqueue(someFilm('b.mp4'), someSettings);
  await run(0);
  await queue.cancel(second.id);
  await queue.cancel(first.id);
  expect(states(queue)).toEqual(['cancelled']);
  expect(await readdir(project.filmsFolder)).toEqual([]);
  await queue.cancel(first.id);
  await queue.cancel('long gone');
  expect(queue.list()).toEqual([]);
  expect(runs).toHaveLength(1);
});

test('a film that has just ended leaves the list although its last line is not on the disk yet', async () => {
  const { queue, run } = await opened();
  const { id } = await queue.enqueue(someFilm('a.mp4'), someSettings);
  await run(0);
  // As a page does that is told of the end and takes the film off.
  const taken = (async () => {
    for await (const jobs of queue.watch()) if (jobs[0]?.state === 'cancelled') return queue.cancel(id);
  })();
  await queue.cancel(id);
  await taken;
  expect(queue.list()).toEqual([]);
  await queue.enqueue(someFilm('b.mp4'), someSettings);
  await run(1);
  const told = vi.waitUntil(() => states(queue)[0] === 'cancelled', { interval: 0 });
  void queue.cancel(queue.list()[0]?.id ?? '');
  await told;
  await queue.cancel(queue.list()[0]?.id ?? '');
  expect(queue.list()).toEqual([]);
});

test('what is made is also written where it was wanted; where that cannot be, the result is kept and says so', async () => {
  const { queue, results, run, runs, project } = await opened();
  const out = join(project.folder, 'out.mp4');
  await queue.enqueue(someFilm(), someSettings, out);
  await (await run(0)).finish();
  await vi.waitUntil(() => states(queue)[0] === 'done');
  expect(await readFile(out, 'utf8')).toBe('the film');
  await queue.enqueue(someFilm(), someSettings, join(project.folder, 'no such folder', 'out.mp4'));
  await vi.waitUntil(() => runs.length === 2);
  await runs[1]!.finish();
  await vi.waitUntil(() => states(queue)[1] === 'done');
  expect(queue.list()[1]).toMatchObject({ state: 'done', failure: { code: 'file/missing' } });
  expect(results.list()).toHaveLength(2);
  await queue.close();
  expect((await readdir(project.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('while a run trains films wait, and say so', async () => {
  let training = true;
  const { queue, run, runs } = await opened({ training: () => training });
  await queue.enqueue(someFilm(), someSettings);
  expect(queue.list()[0]).toMatchObject({ state: 'waiting', waitsFor: 'training' });
  expect(runs).toEqual([]);
  training = false;
  await run(0);
  expect(queue.list()[0]?.waitsFor).toBeUndefined();
});

test('closed, a film that runs is broken off, and goes on when the project is opened again', async () => {
  const before = await opened();
  const { id } = await before.queue.enqueue(someFilm(), someSettings);
  await before.run(0);
  await before.queue.close();
  expect(await readdir(before.project.filmsFolder)).toEqual([]);
  expect(await onDisk(before.project)).toMatchObject([{ id, state: 'waiting' }]);
  const after = await opened({}, before.project);
  expect(await after.run(0)).toMatchObject({ folder: join(before.project.filmsFolder, id) });
  await after.queue.close();
});

test.each([
  ['an engine that ended unawares', true, 'running'],
  ['a host that goes at once', false, 'waiting'],
])('after %s films wait until they are told to go on; new ones do not', async (_, goesOn, state) => {
  const project = await openProject();
  const film = someFilm();
  const left = { id: 'left', film, settings: someSettings };
  const jobs = [
    { ...left, state },
    { ...left, id: 'behind', state: 'waiting' },
  ];
  await writeFile(join(project.folder, 'film-queue.json'), JSON.stringify({ version: 1, jobs }));
  await mkdir(join(project.filmsFolder, 'left'));
  await writeFile(join(project.filmsFolder, 'left', 'frames.jsonl'), 'torn');
  const { queue, run, reported } = await opened({}, project, goesOn);
  expect(String(reported[0])).toContain('the film was not finished');
  expect(queue.list()).toMatchObject([
    { id: 'left', state: 'waiting', waitsFor: 'go-on' },
    { id: 'behind', state: 'waiting', waitsFor: 'go-on' },
  ]);
  await queue.enqueue(someFilm('new.mp4'), someSettings);
  expect((await run(0)).film.name).toBe('new.mp4');
  await (await run(0)).finish();
  await vi.waitUntil(() => states(queue)[2] === 'done');
  queue.goOn();
  expect((await run(1)).folder).toBe(join(project.filmsFolder, 'left'));
  await queue.close();
});

test('a queue that cannot be read is empty, and is told of', async () => {
  const project = await openProject();
  await writeFile(join(project.folder, 'film-queue.json'), '{"version":1,');
  const { queue, reported } = await opened({}, project);
  expect(queue.list()).toEqual([]);
  expect(reported).toHaveLength(1);
});

test('the queue is told as it is, then on changes, and not more often than ten times a second', async () => {
  const { queue, run } = await opened();
  await queue.enqueue(someFilm(), someSettings);
  const one = await run(0);
  const told: number[] = [];
  const watching = (async () => {
    for await (const [job] of queue.watch()) told.push(job?.done ?? -1);
  })();
  await vi.waitUntil(() => told.length === 1);
  for (let done = 1; done <= 4; done++) one.tell(done);
  await vi.waitUntil(() => told.length === 2);
  expect(told).toEqual([0, 4]);
  await queue.close();
  await watching;
});

test('who listens may leave', async () => {
  const { queue } = await opened();
  const leave = new AbortController();
  const watching = (async () => {
    let told = 0;
    for await (const jobs of queue.watch(leave.signal)) told += 1 + jobs.length;
    return told;
  })();
  await vi.waitUntil(() => true);
  leave.abort();
  expect(await watching).toBeLessThanOrEqual(1);
});
