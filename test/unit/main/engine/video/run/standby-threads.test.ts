import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { StandbyThreads } from '#engine/video/run/standby-threads.ts';

let standby = new StandbyThreads();
afterEach(async () => {
  await standby.end();
  standby = new StandbyThreads();
});

test('threads that were prepared are the ones taken, each once', () => {
  standby.prepare();
  standby.prepare();
  const first = standby.take('reading-worker');
  const second = standby.take('reading-worker');
  expect(second.threadId).not.toBe(first.threadId);
  standby.rest('reading-worker', first);
  expect(standby.take('reading-worker')).toBe(first);
  return Promise.all([first.terminate(), second.terminate()]);
});

test('one that dies while it rests is not given out', async () => {
  const thread = standby.take('writing-worker');
  standby.rest('writing-worker', thread);
  await Promise.all([once(thread, 'exit'), thread.terminate()]);
  const another = standby.take('writing-worker');
  expect(another).not.toBe(thread);
  await another.terminate();
});

test('of two that come to rest one stays', async () => {
  const [one, two] = [standby.take('reading-worker'), standby.take('reading-worker')];
  standby.rest('reading-worker', one);
  const gone = once(two, 'exit');
  standby.rest('reading-worker', two);
  await gone;
  expect(standby.take('reading-worker')).toBe(one);
  await one.terminate();
});
