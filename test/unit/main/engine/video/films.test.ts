import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { Films } from '#engine/video/films.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const report = (thrown: unknown) => {
  throw thrown;
};

async function pictures(folder: string, names: string[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const picture = await sharp({ create: { width: 6, height: 4, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) await writeFile(path, picture);
  return paths;
}

test('a folder of pictures is a film, kept in the list over a restart, closed and put back', async () => {
  const project = await openProject();
  const folder = join(await temporaryFolder(), 'shots');
  await pictures(folder, ['1.png', '2.png']);
  const films = await Films.open(project, report);
  const { films: added, skipped } = await films.add([folder, join(folder, 'gone.mp4')]);
  expect(skipped).toEqual([{ file: join(folder, 'gone.mp4'), reason: expect.stringContaining('no file') as string }]);
  expect(added).toMatchObject([
    { name: 'shots', path: folder, facts: { kind: 'images', width: 6, height: 4, frames: 2 } },
  ]);
  const [film] = added;
  const again = await Films.open(project, report);
  expect(await again.list()).toEqual([film]);
  await again.close([film!.id]);
  expect(await again.list()).toEqual([]);
  expect(again.get(film!.id)).toEqual(film);
  expect(await again.restore([film!.id])).toEqual([film]);
  expect(await again.list()).toEqual([film]);
});

test('numbered pictures dropped together are one film', async () => {
  const project = await openProject();
  const paths = await pictures(join(await temporaryFolder(), 'row'), ['a-10.png', 'a-9.png', 'a-11.png', 'b-1.png']);
  const { films } = await (await Films.open(project, report)).add(paths.slice(0, 3));
  expect(films).toMatchObject([{ name: 'a-9.png', facts: { frames: 3 } }]);
});

test('a film whose file is gone is marked', async () => {
  const project = await openProject();
  const [path = ''] = await pictures(join(await temporaryFolder(), 'row'), ['a-1.png', 'a-2.png']);
  const films = await Films.open(project, report);
  await films.add([path]);
  await (await import('node:fs/promises')).rm(path);
  expect(await films.list()).toMatchObject([{ missing: true }]);
});

test('if nothing can be opened, the first reason is thrown', async () => {
  const project = await openProject();
  const films = await Films.open(project, report);
  await expect(films.add(['http://127.0.0.1/a.mp4', '/gone.mp4'])).rejects.toMatchObject({ code: 'film/refused' });
  expect(() => films.get('x')).toThrow(expect.objectContaining({ code: 'film/unknown' }) as Error);
});

test('a torn list is begun anew, and told', async () => {
  const project = await openProject();
  await writeFile(join(project.folder, 'films.json'), '{"version":1,');
  const heard: unknown[] = [];
  const films = await Films.open(project, (thrown) => heard.push(thrown));
  expect(heard).toHaveLength(1);
  expect(await films.list()).toEqual([]);
  expect(await readFile(join(project.folder, 'films.json'), 'utf8')).toContain('version');
});
