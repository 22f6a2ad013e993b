import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Project } from '#engine/project/project.ts';
import { FilmResults, resultFiles } from '#engine/video/results.ts';
import { someFilm, someFrame, someResult } from '#test/support/films.ts';
import { openProject } from '#test/support/open-project.ts';

const quiet = () => undefined;

async function kept(project: Project, id: string, made?: string): Promise<FilmResults> {
  const results = await FilmResults.open(project, quiet);
  const folder = await results.begin(id);
  await writeFile(join(folder, resultFiles.film), 'a film');
  await writeFile(join(folder, resultFiles.frames), [0, 1].map((at) => `${JSON.stringify(someFrame(at))}\n`).join(''));
  await writeFile(join(folder, resultFiles.maps), Float32Array.of(0, 0.25, 0.5, 1));
  await results.keep({ result: someResult(id, made ? { made } : {}), film: someFilm() });
  return results;
}

test('results are there again when the project is opened, newest first', async () => {
  const project = await openProject();
  await kept(project, 'first', '2026-11-20T10:00:00.000Z');
  await kept(project, 'second', '2026-11-21T10:00:00.000Z');
  const again = await FilmResults.open(project, quiet);
  expect(again.list().map(({ id }) => id)).toEqual(['second', 'first']);
  expect(again.list()[0]).toEqual(someResult('second'));
});

test('frames and maps are read one by one', async () => {
  const results = await kept(await openProject(), 'one');
  const frames = [];
  for await (const frame of results.frames('one')) frames.push(frame);
  expect(frames).toEqual([someFrame(0), someFrame(1)]);
  expect(await results.map('one', 1)).toEqual({ height: 1, width: 2, values: Float32Array.of(0.5, 1) });
  await expect(results.map('one', 2)).rejects.toMatchObject({ code: 'file/unreadable' });
});

test('a result goes to the trash and comes back', async () => {
  const project = await openProject();
  const results = await kept(project, 'one');
  await results.remove('one');
  expect(results.list()).toEqual([]);
  expect(() => results.get('one')).toThrow(expect.objectContaining({ code: 'film/unknown-result' }));
  expect(await results.restore('one')).toEqual(someResult('one'));
  expect(await results.restore('one')).toEqual(someResult('one'));
  await expect(results.restore('../one')).rejects.toMatchObject({ code: 'film/unknown-result' });
  await expect(results.restore('never')).rejects.toMatchObject({ code: 'film/unknown-result' });
});

test('what was not finished is swept; what cannot be read is left alone; both are told', async () => {
  const project = await openProject();
  await kept(project, 'whole');
  for (const name of ['half', 'damaged', 'newer', 'lost']) await mkdir(join(project.filmsFolder, name));
  await writeFile(join(project.filmsFolder, 'half', 'heat.mp4'), 'a part');
  for (const name of ['damaged', 'newer']) await writeFile(join(project.filmsFolder, name, 'heat.mp4'), 'a film');
  await writeFile(join(project.filmsFolder, 'damaged', 'film.json'), '{');
  await writeFile(join(project.filmsFolder, 'newer', 'film.json'), '{"version":2}');
  await writeFile(join(project.filmsFolder, 'lost', 'film.json'), '{}');
  const told: string[] = [];
  const results = await FilmResults.open(project, (thrown) => void told.push(String(thrown)));
  expect(results.list().map(({ id }) => id)).toEqual(['whole']);
  expect((await readdir(project.filmsFolder)).sort()).toEqual(['damaged', 'lost', 'newer', 'whole']);
  expect(told).toHaveLength(4);
});

test('names of results are the film’s with the time, and never taken twice', async () => {
  const results = await kept(await openProject(), 'one');
  const id = results.freeId('Ein Film: größer/besser.mp4', () => false);
  expect(id).toMatch(/^\d{8}-\d{6}-Ein-Film-größer-besser$/);
  expect(results.freeId('Ein Film: größer/besser.mp4', (taken) => taken === id)).toBe(`${id}-2`);
  expect(results.freeId('….mp4', () => false)).toMatch(/-film$/);
  expect(results.freeId('x'.repeat(300), () => false).length).toBeLessThanOrEqual(100);
});
