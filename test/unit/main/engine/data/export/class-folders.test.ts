import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classFolders } from '#engine/data/export/class-folders.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test.each([
  [
    ['T-shirt/top', 'Ankle boot'],
    ['T-shirt_top', 'Ankle boot'],
  ],
  [
    ['cat', 'Cat', 'CAT'],
    ['cat', 'Cat (2)', 'CAT (3)'],
  ],
  [
    ['a/b', 'a:b', 'a*b'],
    ['a_b', 'a_b (2)', 'a_b (3)'],
  ],
  [
    ['..', '.', '...hidden'],
    ['_', '_ (2)', '_hidden'],
  ],
  [
    ['dots...', ' spaces '],
    ['dots', 'spaces'],
  ],
  [
    ['', '   '],
    ['class 0', 'class 1'],
  ],
  [
    ['con', 'NUL.txt', 'console', 'Com1'],
    ['_con', '_NUL.txt', 'console', '_Com1'],
  ],
  [
    ['line\nbreak', 'tab\t'],
    ['line_break', 'tab'],
  ],
  [
    ['猫', 'ñandú', '🦊'],
    ['猫', 'ñandú', '🦊'],
  ],
])('%j become %j', (names, folders) => expect(classFolders(names)).toEqual(folders));

test('every file system takes the names, however long or odd they were', async () => {
  const names = ['x'.repeat(500), '猫'.repeat(500), '\u0000', '\ud800', `${'y'.repeat(119)}. z`, '../../etc'];
  const folders = classFolders(names);
  const parent = await temporaryFolder();
  for (const folder of folders) await mkdir(join(parent, folder));
  expect((await readdir(parent)).sort()).toEqual([...folders].sort());
});
