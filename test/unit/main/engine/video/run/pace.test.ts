import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '#engine/video/run/pace.ts';
import type { FilmProgress } from '#engine/video/stages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const picture = { size: { width: 1, height: 1 }, pixels: new Uint8Array(3) };

test('frames a second and time left are those of late, told ten times a second at most', () => {
  const told: FilmProgress[] = [];
  const pace = new Pace(200, 'frames', (progress) => told.push(progress));
  for (let frame = 1; frame <= 100; frame++) {
    vi.advanceTimersByTime(frame <= 50 ? 100 : 20);
    pace.now(frame, null);
  }
  expect(told.length).toBeLessThan(65);
  const last = told.at(-1);
  expect(last?.total).toBe(200);
  expect(last?.framesPerSecond).toBeGreaterThan(15);
  expect(last?.secondsLeft).toBeLessThan(7);
});

test('a picture is told at once; an unknown length has no time left', () => {
  const told: FilmProgress[] = [];
  const pace = new Pace(null, 'first-pass', (progress) => told.push(progress));
  vi.advanceTimersByTime(1);
  pace.now(1, null);
  pace.now(2, null, picture);
  expect(told.at(-1)).toMatchObject({ done: 2, total: null, secondsLeft: null, picture });
});

test('more frames than were promised raise the total; the end has its stage', () => {
  const told: FilmProgress[] = [];
  const pace = new Pace(10, 'frames', (progress) => told.push(progress));
  vi.advanceTimersByTime(500);
  pace.now(12, null);
  pace.finishing();
  expect(told.map(({ stage, total }) => [stage, total])).toEqual([
    ['frames', 12],
    ['finishing', 12],
  ]);
});
