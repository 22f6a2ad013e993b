import { expect, test } from 'vitest';
import type { ProvisionProgress } from '#contract/engine-status.ts';
import { workFor } from '#engine/backend/provision/work.ts';

function clocked() {
  const told: ProvisionProgress[] = [];
  let time = 0;
  const work = workFor(
    (progress) => told.push(progress),
    new AbortController().signal,
    () => time,
  );
  return { work, told, at: (milliseconds: number) => (time = milliseconds) };
}

test('progress is told at most ten times a second, and always at the end', () => {
  const { work, told, at } = clocked();
  work.begin('download', 'Downloading');
  for (let ms = 0; ms <= 1000; ms++) {
    at(ms);
    work.advance(ms, 1000, 'bytes');
  }
  expect(told.length).toBeLessThanOrEqual(13);
  expect(told.at(-1)).toMatchObject({ done: 1000, total: 1000 });
});

test('the time left comes from the rate of this try, not from what an earlier one fetched', () => {
  const { work, told, at } = clocked();
  work.begin('download', 'Downloading');
  work.advance(800, 1000, 'bytes');
  expect(told.at(-1)?.secondsLeft).toBeNull();
  at(1000);
  work.advance(850, 1000, 'bytes');
  expect(told.at(-1)?.secondsLeft).toBe(3);
});

test('a new stage begins without figures', () => {
  const { work, told } = clocked();
  work.begin('download', 'Downloading');
  work.advance(1, 2, 'bytes');
  work.begin('unpack', 'Unpacking');
  expect(told.at(-1)).toEqual({
    stage: 'unpack',
    done: 0,
    total: 0,
    unit: 'none',
    secondsLeft: null,
    message: 'Unpacking',
  });
});
