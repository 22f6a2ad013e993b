import { expect, test } from 'vitest';
import type { FilmJob } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';
import { FilmQueue } from '#state/film-queue.svelte.ts';

const job = (id: string, state: FilmJob['state'], more: Partial<FilmJob> = {}) =>
  ({ id, film: 'f', name: id, state, done: 0, total: 10, ...more }) as FilmJob;

/** A queue whose news the test tells. */
function fakeQueue() {
  let tell: ((jobs: FilmJob[] | Error) => void) | null = null;
  const waiting: (FilmJob[] | Error)[] = [];
  async function* queue(_: undefined, { signal }: { signal: AbortSignal }) {
    while (!signal.aborted) {
      const next = waiting.shift() ?? (await new Promise<FilmJob[] | Error>((settle) => (tell = settle)));
      tell = null;
      if (next instanceof Error) throw next;
      yield next;
    }
  }
  const video = {
    queue: (input: undefined, options: { signal: AbortSignal }) => Promise.resolve(queue(input, options)),
    enqueue: ({ film }: { film: string }) => Promise.resolve(job(`job-${film}`, 'waiting')),
  };
  const told: unknown[] = [];
  const made = new FilmQueue({ engine: { video } } as unknown as Link, (thrown) => told.push(thrown));
  const say = async (jobs: FilmJob[] | Error) => {
    if (tell) tell(jobs);
    else waiting.push(jobs);
    await new Promise((settle) => setTimeout(settle));
  };
  return { queue: made, say, told };
}

test('what runs, what is open and what ended is known; an end is told once', async () => {
  const { queue, say } = fakeQueue();
  const ends: string[] = [];
  queue.onEnd(({ id, state }) => ends.push(`${id} ${state}`));
  void queue.follow();
  await say([job('a', 'running'), job('b', 'waiting')]);
  expect(queue.running?.id).toBe('a');
  expect(queue.open.map(({ id }) => id)).toEqual(['a', 'b']);
  await say([job('a', 'done'), job('b', 'running')]);
  await say([job('a', 'done'), job('b', 'failed')]);
  await say([job('b', 'failed')]);
  expect(ends).toEqual(['a done', 'b failed']);
  expect(queue.running).toBeUndefined();
});

test('what had ended before the page came is no news', async () => {
  const { queue, say } = fakeQueue();
  const ends: string[] = [];
  queue.onEnd(({ id }) => ends.push(id));
  void queue.follow();
  await say([job('old', 'done'), job('a', 'running')]);
  await say([job('old', 'done'), job('a', 'cancelled')]);
  expect(ends).toEqual(['a']);
});

test('a job that was added stands there before the engine tells of it, and is not there twice', async () => {
  const { queue, say } = fakeQueue();
  void queue.follow();
  await say([]);
  await queue.make('f', {} as never);
  expect(queue.jobs.map(({ id }) => id)).toEqual(['job-f']);
  await say([job('job-f', 'running')]);
  await queue.make('f', {} as never);
  expect(queue.jobs.map(({ id }) => id)).toEqual(['job-f']);
});

test('those that were broken off are found', async () => {
  const { queue, say } = fakeQueue();
  void queue.follow();
  await say([job('a', 'waiting', { waitsFor: 'go-on' }), job('b', 'waiting', { waitsFor: 'training' })]);
  expect(queue.brokenOff.map(({ id }) => id)).toEqual(['a']);
});

test('a queue that cannot be followed is told', async () => {
  const { queue, say, told } = fakeQueue();
  void queue.follow();
  await say(new Error('no queue'));
  expect(told).toHaveLength(1);
});
