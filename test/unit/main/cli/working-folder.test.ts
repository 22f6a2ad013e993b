import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Task } from '#cli/task.ts';
import { openWorkingFolder } from '#cli/working-folder.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** A task whose engines do nothing, a place for a run, and what is said on stderr. */
async function setting() {
  const out = path.join(await temporaryFolder(), 'run');
  const project = path.join(path.dirname(out), '.heatlens-run');
  let said = '';
  const stream = { write: (text: string) => (said += text) };
  const none = () => Promise.reject(new Error('no pictures here'));
  const connect = () => Promise.resolve({ engine: {} as never, picture: none, close: () => Promise.resolve() });
  const { signal } = new AbortController();
  const begun = () => new Task({ stdout: stream, stderr: stream, signal, connect }, { backend: 'auto' });
  return { out, project, begun, said: () => said };
}

/** A run as the engine leaves it. */
function makeRun(at: string, epochs: string): void {
  mkdirSync(path.join(at, 'checkpoints'), { recursive: true });
  writeFileSync(path.join(at, 'run.json'), JSON.stringify({ id: 'r1' }));
  writeFileSync(path.join(at, 'checkpoints', 'step-000000009.safetensors'), epochs);
}
const trained = (at: string) => readFileSync(path.join(at, 'checkpoints', 'step-000000009.safetensors'), 'utf8');

test('a run that is done gets its place, and nothing stays beside it', async () => {
  const { out, project, begun, said } = await setting();
  const task = begun();
  const { found, keep } = await openWorkingFolder(task, out, false);
  expect(found).toBeNull();
  makeRun(path.join(project, 'runs', 'r1'), 'all');
  await keep();
  await task.finish();
  expect(trained(out)).toBe('all');
  expect(readdirSync(path.dirname(out))).toEqual(['run']);
  expect(said()).toBe('');
});

test('a run that ends early is kept, and it is said how to go on; one without a checkpoint leaves nothing', async () => {
  const { out, project, begun, said } = await setting();
  const empty = begun();
  await openWorkingFolder(empty, out, false);
  await empty.finish();
  expect(readdirSync(path.dirname(out))).toEqual([]);
  const task = begun();
  await openWorkingFolder(task, out, false);
  makeRun(path.join(project, 'runs', 'r1'), 'half');
  await task.finish();
  expect(trained(out)).toBe('half');
  expect(said()).toContain(`heatlens train --resume --out ${out}`);
  expect(readdirSync(path.dirname(out))).toEqual(['run']);
});

test('a run at its place goes on as a copy, and gets its place again when it has', async () => {
  const { out, project, begun } = await setting();
  makeRun(out, 'half');
  const killed = await openWorkingFolder(begun(), out, true);
  expect(killed.found).toBe('r1');
  expect(trained(out)).toBe('half');
  // Killed once more: what it reached meanwhile is found beside.
  makeRun(path.join(project, 'runs', 'r1'), 'more');
  const { found, keep } = await openWorkingFolder(begun(), out, true);
  expect(found).toBe('r1');
  await keep();
  expect(trained(out)).toBe('more');
  expect(existsSync(project)).toBe(false);
});

test('what a killed command left is found, and never overwritten by a new run', async () => {
  const { out, project, begun } = await setting();
  await openWorkingFolder(begun(), out, false);
  makeRun(path.join(project, 'runs', 'r1'), 'half');
  await expect(openWorkingFolder(begun(), out, false)).rejects.toMatchObject({ code: 'project/folder-not-empty' });
  expect((await openWorkingFolder(begun(), out, true)).found).toBe('r1');
  rmSync(path.join(project, 'runs'), { recursive: true });
  expect((await openWorkingFolder(begun(), out, true)).found).toBeNull(); // killed before its first checkpoint
});

test('somebody’s other files are left alone', async () => {
  const { out, begun } = await setting();
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'thesis.txt'), 'mine');
  for (const resume of [false, true]) {
    await expect(openWorkingFolder(begun(), out, resume)).rejects.toMatchObject({ code: 'project/folder-not-empty' });
  }
  expect(readdirSync(out)).toEqual(['thesis.txt']);
});
