import { expect, test } from 'vitest';
import { chosenFiles, filesOf } from '#page-link/dropped-files.ts';

type Tree = { [name: string]: Tree | string | Error };

/** As the browser has dropped files: a folder hands out two entries at a time, an Error cannot be read. */
function entry(name: string, what: Tree | string | Error): FileSystemEntry {
  if (typeof what === 'string' || what instanceof Error) {
    const file = (settle: (file: File) => void, fail: (error: Error) => void) =>
      typeof what === 'string' ? settle(new File([what], name)) : fail(what);
    return { name, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const all = Object.entries(what).map(([inner, content]) => entry(inner, content));
  const readEntries = (settle: (some: FileSystemEntry[]) => void) => settle(all.splice(0, 2));
  return { name, isDirectory: true, createReader: () => ({ readEntries }) } as unknown as FileSystemEntry;
}

async function found(entries: FileSystemEntry[], missed?: (path: string) => void): Promise<string[]> {
  const paths: string[] = [];
  for await (const { file, folder } of filesOf(entries, missed)) paths.push(`${folder}>${file.name}`);
  return paths;
}

test('a folder is read to its ground, and its files keep their places', async () => {
  const photos = { cats: { 'a.jpg': '1', 'b.jpg': '2', 'c.jpg': '3' }, dogs: { big: { 'a.jpg': '4' } }, 'x.txt': '5' };
  expect(await found([entry('photos', photos), entry('alone.gz', '6')])).toEqual([
    'photos/cats>a.jpg',
    'photos/cats>b.jpg',
    'photos/cats>c.jpg',
    'photos/dogs/big>a.jpg',
    'photos>x.txt',
    '>alone.gz',
  ]);
});

test('what systems hide is left out, what cannot be read is told', async () => {
  const missed: string[] = [];
  const photos = { '.DS_Store': '', __MACOSX: { 'a.jpg': '' }, 'a.jpg': new Error('denied'), 'b.jpg': '2' };
  expect(await found([entry('photos', photos)], (path) => missed.push(path))).toEqual(['photos>b.jpg']);
  expect(missed).toEqual(['photos/a.jpg']);
});

test('two folders of one name stay two', async () => {
  const two = [entry('cats', { 'a.jpg': '1' }), entry('cats', { 'a.jpg': '2' })];
  expect(await found(two)).toEqual(['cats>a.jpg', 'cats (2)>a.jpg']);
});

test('folders that hold themselves end', async () => {
  const missed: string[] = [];
  let deep: Tree = { 'a.jpg': '1' };
  for (let level = 0; level < 40; level++) deep = { again: deep };
  expect(await found([entry('photos', deep)], (path) => missed.push(path))).toEqual([]);
  expect(missed).toHaveLength(1);
});

test('files of a chosen folder tell their places', () => {
  const file = (name: string, webkitRelativePath: string) =>
    Object.defineProperty(new File([], name), 'webkitRelativePath', { value: webkitRelativePath });
  const chosen = [file('a.jpg', 'photos/cats/a.jpg'), file('.DS_Store', 'photos/.DS_Store'), file('b.gz', '')];
  expect(chosenFiles(chosen).map(({ folder }) => folder)).toEqual(['photos/cats', '']);
});
