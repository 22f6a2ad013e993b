import { mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Log } from '#engine/log.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => vi.restoreAllMocks());

test('lines have time and process; a failure has its stack and its cause', async () => {
  const log = new Log(join(await temporaryFolder(), 'logs'));
  log.say('ready');
  log.failure(new Error('outer', { cause: new Error('inner') }));
  const text = await readFile(log.file, 'utf8');
  expect(text).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ${process.pid} info ready\n`));
  expect(text).toContain('inner');
  expect(text).toContain('log.test.ts');
});

test('a log of two megabytes is put aside, and three are kept', async () => {
  const log = new Log(await temporaryFolder());
  for (const line of ['first', 'second', 'third', 'fourth']) {
    log.say(line);
    await truncate(log.file, 2 * 2 ** 20);
  }
  log.say('fifth');
  const names = (await readdir(join(log.file, '..'))).sort();
  expect(names).toEqual(['engine.log', 'engine.log.1', 'engine.log.2']);
  expect(await readFile(log.file, 'utf8')).toMatch(/fifth\n$/);
  expect(await readFile(`${log.file}.1`, 'utf8')).toContain('fourth');
  expect(await readFile(`${log.file}.2`, 'utf8')).toContain('third');
});

test('a log that cannot be written stops nothing; stderr has the line', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'logs'));
  await writeFile(join(folder, 'logs/blocked'), '');
  new Log(join(folder, 'logs/blocked')).say('still here');
  expect(process.stderr.write).toHaveBeenCalledWith(expect.stringContaining('still here'));
});
