import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Kept } from '#engine/training/comparison/kept.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('what was made is kept until a file changes, comes or goes', async () => {
  const file = join(await temporaryFolder(), 'history.jsonl');
  const kept = new Kept<number>(10);
  let made = 0;
  const get = () => kept.get('a', [file], () => Promise.resolve(++made));
  expect([await get(), await get()]).toEqual([1, 1]);
  await writeFile(file, 'x');
  expect([await get(), await get()]).toEqual([2, 2]);
  await appendFile(file, 'y');
  expect(await get()).toBe(3);
  await rm(file);
  expect(await get()).toBe(4);
});

test('beyond its number the one asked for least recently goes', async () => {
  const kept = new Kept<string>(2);
  const made: string[] = [];
  const get = (key: string) => kept.get(key, [], () => Promise.resolve((made.push(key), key)));
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('what is heavier takes more of the room, and what is too heavy is not kept at all', async () => {
  const kept = new Kept<string>(5, ({ length }) => length);
  const made: string[] = [];
  const get = (key: string) => kept.get(key, [], () => Promise.resolve((made.push(key), key)));
  for (const key of ['aa', 'bb', 'ccc', 'bb', 'aa', 'dddddd', 'dddddd', 'bb']) await get(key);
  expect(made).toEqual(['aa', 'bb', 'ccc', 'aa', 'dddddd', 'dddddd', 'bb']);
});

test('of what cannot be made nothing is kept', async () => {
  const kept = new Kept<number>(2);
  await expect(kept.get('a', [], () => Promise.reject(new Error('torn')))).rejects.toThrow('torn');
  expect(await kept.get('a', [], () => Promise.resolve(1))).toBe(1);
});
