import { expect, test } from 'vitest';
import { HeatOverTime, type OverTime } from '#engine/video/run/heat-over-time.ts';
import type { FrameHeat } from '#engine/video/stages.ts';

/** One place with heat 1, another with a half. */
const heat = (maximum: number, seconds: number): FrameHeat => ({
  frame: { frame: 0, seconds, top: [], class: 0, probability: 1, maximum, centre: null },
  ...{ height: 1, width: 2, values: Float32Array.of(1, 0.5) },
});

function maps(way: OverTime, maxima: readonly number[], step = 1): number[][] {
  const over = new HeatOverTime(way);
  return maxima.map((maximum, at) => [...over.next(heat(maximum, at * step))].map((value) => Number(value.toFixed(4))));
}

test('each frame by its own maximum', () => {
  expect(maps({ scale: 'frame', smoothing: 0 }, [4, 1])).toEqual([
    [1, 0.5],
    [1, 0.5],
  ]);
});

test('a running maximum rises at once and loses half in four seconds', () => {
  expect(maps({ scale: 'running', smoothing: 0 }, [4, 1, 8], 4)).toEqual([
    [1, 0.5],
    [0.5, 0.25],
    [1, 0.5],
  ]);
});

test.each(['two-pass', 'fixed'] as const)('%s: what is above the value is cut off', (scale) => {
  expect(maps({ scale, smoothing: 0, maximum: 4 }, [4, 1, 6])).toEqual([
    [1, 0.5],
    [0.25, 0.125],
    [1, 0.75],
  ]);
});

test('a map has half its weight after ln 2 / −ln(smoothing) frames', () => {
  const smoothing = 0.5 ** (1 / 3);
  const [first, , , third] = maps({ scale: 'fixed', maximum: 1, smoothing }, [1, 0, 0, 0]);
  expect(first).toEqual([1, 0.5]);
  expect(third).toEqual([0.5, 0.25]);
});

test('a film without any heat stays cold', () => {
  expect(maps({ scale: 'running', smoothing: 0.6 }, [0, 0])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});
