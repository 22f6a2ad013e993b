import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendLine, sweepLeftovers, temporaryName, writeAtomic } from '#engine/project/atomic.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('writes text and bytes, over what was there, and leaves nothing else', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'a.json');
  await writeAtomic(file, 'old');
  await writeAtomic(file, Uint8Array.of(110, 101, 119));
  expect(await readFile(file, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('many writers at once leave one whole content', async () => {
  const file = join(await temporaryFolder(), 'a');
  await Promise.all(Array.from({ length: 10 }, (_, value) => writeAtomic(file, String(value).repeat(100_000))));
  expect(await readFile(file, 'utf8')).toMatch(/^(\d)\1{99999}$/);
});

test('a folder that is not there is said, with the file', async () => {
  const file = join(await temporaryFolder(), 'none', 'a');
  await expect(writeAtomic(file, '')).rejects.toMatchObject({ code: 'file/missing', details: { file } });
  await expect(appendLine(file, '')).rejects.toMatchObject({ code: 'file/missing', details: { file } });
});

test('a name that is a folder stays one', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'a'));
  await expect(writeAtomic(join(folder, 'a'), 'x')).rejects.toMatchObject({ code: 'file/not-writable' });
  expect(await readdir(folder)).toEqual(['a']);
});

test('lines are appended, and a torn last line is ended first', async () => {
  const file = join(await temporaryFolder(), 'history.jsonl');
  await appendLine(file, '{"epoch":1}');
  await appendLine(file, '{"epoch":2}');
  await appendFile(file, '{"epo');
  await appendLine(file, '{"epoch":3}');
  expect(await readFile(file, 'utf8')).toBe('{"epoch":1}\n{"epoch":2}\n{"epo\n{"epoch":3}\n');
});

test('sweeps half-written files, and nothing else, at every depth', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'runs', 'one'), { recursive: true });
  const kept = [
    'project.json',
    'notes.tmp',
    'runs/one/run.json',
    'runs/one/events.out.tfevents.1700000000.abcdef012345',
  ];
  const torn = [temporaryName(join(folder, 'project.json')), temporaryName(join(folder, 'runs/one/run.json'))];
  for (const file of [...kept.map((name) => join(folder, name)), ...torn]) await writeFile(file, '');
  expect((await sweepLeftovers(folder)).sort()).toEqual(torn.sort());
  const left = await readdir(folder, { recursive: true });
  expect(left.sort()).toEqual([...kept, 'runs', 'runs/one'].sort());
});
