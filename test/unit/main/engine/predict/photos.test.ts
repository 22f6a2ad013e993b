import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { Photos } from '#engine/predict/photos.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#246' } }).jpeg();

const none = () => undefined;

async function world() {
  const project = await openProject();
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'more'));
  const [one, two] = [join(folder, 'one.jpg'), join(folder, 'more', 'two.jpg')];
  await picture(40, 30).toFile(one);
  await picture(20, 50).withExif({ IFD0: {} }).toFile(two);
  await writeFile(join(folder, 'notes.txt'), 'no picture');
  return { project, folder, one, two, photos: await Photos.open(project, none) };
}

test('files and the pictures of folders come into the list, which the next opening finds', async () => {
  const { project, folder, one, two, photos } = await world();
  const { photos: opened, skipped } = await photos.add([folder, join(folder, 'notes.txt')]);
  expect(opened).toMatchObject([
    { name: 'two.jpg', path: two, width: 20, height: 50 },
    { name: 'one.jpg', path: one, width: 40, height: 30 },
  ]);
  expect(skipped).toEqual([{ file: join(folder, 'notes.txt'), reason: 'it is no picture' }]);
  expect(await (await Photos.open(project, none)).list()).toEqual(opened);
});

test('a photo that is opened twice stands in the list once, at its top', async () => {
  const { one, two, photos } = await world();
  await photos.add([one]);
  await photos.add([two]);
  await photos.add([one]);
  expect((await photos.list()).map(({ path }) => path)).toEqual([one, two]);
});

test('closed photos come back, and one whose file is gone says so', async () => {
  const { one, two, photos } = await world();
  const { photos: opened } = await photos.add([one, two]);
  const ids = opened.map(({ id }) => id);
  await photos.close(ids);
  expect(await photos.list()).toEqual([]);
  await photos.restore(ids);
  await rm(two);
  expect((await photos.list()).map(({ path, missing }) => [path, missing])).toEqual([
    ...[
      [one, undefined],
      [two, true],
    ],
  ]);
  expect(() => photos.get('nobody')).toThrow(expect.objectContaining({ code: 'photo/unknown' }));
});

test('closed photos come back where they stood, whatever was opened meanwhile', async () => {
  const { folder, one, two, photos } = await world();
  const three = join(folder, 'three.jpg');
  await picture(5, 5).toFile(three);
  const { photos: opened } = await photos.add([one, two]);
  const [first, second] = opened.map(({ id }) => id);
  await photos.close([first ?? '']);
  await photos.close([second ?? '']);
  await photos.add([three]);
  await photos.restore([second ?? '']);
  await photos.restore([first ?? '']);
  expect((await photos.list()).map(({ path }) => path)).toEqual([three, one, two]);
});

test('a pasted picture is kept in the project; what is none is refused', async () => {
  const { project, photos } = await world();
  const pasted = await photos.paste(await picture(9, 8).toBuffer(), 'Pasted');
  expect(pasted).toMatchObject({ name: 'Pasted', width: 9, height: 8 });
  expect(pasted.path.startsWith(join(project.folder, 'photos'))).toBe(true);
  await expect(photos.paste(Buffer.from('nothing'), 'Pasted')).rejects.toMatchObject({ code: 'image/unreadable' });
});

test('where there is no picture at all, the first reason is said', async () => {
  const { folder, photos } = await world();
  const nothing = photos.add([join(folder, 'notes.txt')]);
  await expect(nothing).rejects.toMatchObject({ code: 'photo/none', details: { file: join(folder, 'notes.txt') } });
});
