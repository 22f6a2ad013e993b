import { expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import type { BatchRow } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';
import { Batch } from '#state/batch.svelte.ts';
import { untoldNews } from '#test/support/untold-news.ts';

const model = { ref: 'm', name: 'M' } as KnownModel;
const row = (photo: string): BatchRow => ({ file: `/${photo}`, photo, top: [] });

/** An engine that tells rows in pairs, the last with the end, and waits for the test before each. */
function fakeEngine() {
  const steps: (() => void)[] = [];
  async function* told(photos: string[], signal: AbortSignal) {
    const step = (rows: BatchRow[], done: number) => ({
      rows,
      done,
      total: photos.length,
      imagesPerSecond: 40,
      secondsLeft: 1,
    });
    for (let at = 0; ; at += 2) {
      await new Promise<void>((settle) => steps.push(settle));
      signal.throwIfAborted();
      const rows = photos.slice(at, at + 2).map(row);
      if (at + 2 >= photos.length) return step(rows, photos.length);
      yield step(rows, at + 2);
    }
  }
  const batch = ({ photos }: { photos: string[] }, { signal }: { signal: AbortSignal }) =>
    Promise.resolve(told(photos, signal));
  const next = async () => {
    await expect.poll(() => steps.length).toBeGreaterThan(0);
    steps.shift()?.();
    await new Promise((settle) => setTimeout(settle));
  };
  return { link: { engine: { prediction: { batch } } } as unknown as Link, next };
}

test('rows come as they are known, the last with the end', async () => {
  const engine = fakeEngine();
  const batch = new Batch(engine.link, untoldNews);
  const done = batch.ask(model, ['a', 'b', 'c']);
  expect([batch.running, batch.total]).toEqual([true, 3]);
  await engine.next();
  expect(batch.rows.map(({ photo }) => photo)).toEqual(['a', 'b']);
  expect([batch.imagesPerSecond, batch.secondsLeft]).toEqual([40, 1]);
  await engine.next();
  await done;
  expect(batch.rows).toHaveLength(3);
  expect(batch.of('c')).toBe(batch.rows[2]);
  expect([batch.running, batch.failure]).toEqual([false, null]);
});

test('cancelled, what was told stays, and that is no failure', async () => {
  const engine = fakeEngine();
  const batch = new Batch(engine.link, untoldNews);
  const done = batch.ask(model, ['a', 'b', 'c']);
  await engine.next();
  batch.cancel();
  await engine.next();
  await done;
  expect([batch.rows.length, batch.running]).toEqual([2, false]);
});

test('asked anew, the batch before it says nothing more', async () => {
  const engine = fakeEngine();
  const batch = new Batch(engine.link, untoldNews);
  const first = batch.ask(model, ['a', 'b', 'c']);
  const second = batch.ask(model, ['d']);
  await engine.next();
  await engine.next();
  await Promise.all([first, second]);
  expect(batch.rows.map(({ photo }) => photo)).toEqual(['d']);
});

test('closed photos leave the table', async () => {
  const engine = fakeEngine();
  const batch = new Batch(engine.link, untoldNews);
  const done = batch.ask(model, ['a', 'b']);
  await engine.next();
  await done;
  batch.forget(new Set(['a']));
  expect(batch.rows.map(({ photo }) => photo)).toEqual(['b']);
  batch.keep(new Set(['c']));
  expect(batch.rows).toEqual([]);
});
