import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { HostAction } from '#contract/host.ts';
import { Actions, filesIn } from '#shell/actions.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('files handed over before the page listens wait for it, commands do not', () => {
  const actions = new Actions();
  const heard: HostAction[] = [];
  actions.open(['/a']);
  actions.open([]);
  actions.command('train.start');
  const stop = actions.follow((action) => heard.push(action));
  actions.command('go.data');
  stop();
  actions.command('go.train');
  expect(heard).toEqual([
    { kind: 'open', paths: ['/a'] },
    { kind: 'command', command: 'go.data' },
  ]);
});

test('the files of a command line are those that are there, from where it was given', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.gz'), '');
  const argv = ['electron', '--no-sandbox', '/app', 'a.gz', 'missing.gz', '--inspect=0', join(folder, 'a.gz')];
  expect(filesIn(argv, folder, true)).toEqual([join(folder, 'a.gz'), join(folder, 'a.gz')]);
  expect(filesIn(['Heatlens', 'a.gz'], folder, false)).toEqual([join(folder, 'a.gz')]);
  expect(filesIn(['electron'], folder, true)).toEqual([]);
});

test('addresses of files, as file managers of Linux hand them over, are files', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'a cat & a dog.jpg');
  await writeFile(file, '');
  const argv = ['heatlens', pathToFileURL(file).href, 'file://other-machine/cat.jpg', 'file:///nowhere/cat.jpg'];
  expect(filesIn(argv, folder, false)).toEqual([file]);
});
