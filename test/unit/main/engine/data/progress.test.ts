import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { WorkProgress } from '#contract/data.ts';
import { withProgress } from '#engine/data/progress.ts';

async function collect<T>(events: AsyncGenerator<WorkProgress, T>) {
  const told: WorkProgress[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { result: next.value, told };
    told.push(next.value);
  }
}

test('tells the first and the last step and gives the result', async () => {
  const { result, told } = await collect(
    withProgress(undefined, async (tell) => {
      tell(0, 100);
      await sleep(5);
      for (let done = 1; done <= 100; done++) tell(done, 100);
      return 'done';
    }),
  );
  expect(result).toBe('done');
  expect(told.map(({ done }) => done)).toEqual([0, 100]);
});

test('work that tells nothing just ends', async () => {
  expect(await collect(withProgress(undefined, () => Promise.resolve(7)))).toEqual({ result: 7, told: [] });
});

test('time left is told once the pace is known', async () => {
  const { told } = await collect(
    withProgress(undefined, async (tell) => {
      tell(0, 3);
      await sleep(520);
      tell(1, 3);
      await sleep(1);
    }),
  );
  expect(told[0]?.secondsLeft).toBeNull();
  expect(told[1]?.secondsLeft).toBeGreaterThan(0.9);
});

test('a failure comes after what was told', async () => {
  const events = withProgress(undefined, (tell) => {
    tell(1, 2);
    return Promise.reject(new Error('no more'));
  });
  expect((await events.next()).value).toMatchObject({ done: 1 });
  await expect(events.next()).rejects.toThrow('no more');
});

test('who leaves ends the work, and waits until it has cleaned up', async () => {
  let cleaned = false;
  const events = withProgress(undefined, async (tell, signal) => {
    tell(0, 1);
    await sleep(10_000, undefined, { signal }).catch(() => sleep(20));
    cleaned = true;
  });
  await events.next();
  await events.return(undefined);
  expect(cleaned).toBe(true);
});

test('the caller’s signal ends the work', async () => {
  const stop = new AbortController();
  const events = withProgress(stop.signal, async (tell, signal) => {
    tell(0, 1);
    await sleep(10_000, undefined, { signal });
  });
  await events.next();
  stop.abort();
  await expect(events.next()).rejects.toMatchObject({ name: 'AbortError' });
});
