import { describe, expect, test } from 'vitest';
import type { HeatPlane } from '#contract/heat-plane.ts';
import {
  boxBetween,
  boxSeen,
  meanOutside,
  movedBox,
  outsideOf,
  resizedBox,
  worstFirst,
} from '#state/film-player-bias.ts';

const plane = (...values: number[]): HeatPlane => ({ height: 2, width: 2, values: Float32Array.from(values) });
const whole = { left: 0, top: 0, width: 1, height: 1 };
const leftHalf = { left: 0, top: 0, width: 0.5, height: 1 };
const going = () => new AbortController().signal;

describe('heat outside a box', () => {
  const maps = [plane(1, 0, 1, 0), plane(1, 1, 1, 1), plane(0, 1, 0, 1), plane(0, 0, 0, 0)];

  test('frames are sorted by it, those without heat last; the mean is of those with', async () => {
    const found = await outsideOf(maps.length, (frame) => maps[frame] ?? null, leftHalf, going());
    expect(found.map(({ outside }) => outside)).toEqual([0, 0.5, 1, null]);
    expect(worstFirst(found).map(({ frame }) => frame)).toEqual([2, 1, 0, 3]);
    expect(meanOutside(found)).toBe(0.5);
  });

  test('maps that come later count as well', async () => {
    const found = await outsideOf(2, (frame) => Promise.resolve(maps[frame + 1] ?? null), leftHalf, going());
    expect(found.map(({ outside }) => outside)).toEqual([0.5, 1]);
  });

  test('nothing is told once nobody asks any more', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await outsideOf(4, (frame) => maps[frame] ?? null, leftHalf, stop.signal)).toEqual([]);
  });

  test('no heat anywhere has no mean', () => expect(meanOutside([{ frame: 0, outside: null }])).toBeNull());

  test('frames alike keep their order', () => {
    const alike = [3, 1, 2].map((frame) => ({ frame, outside: 0.5 }));
    expect(worstFirst(alike).map(({ frame }) => frame)).toEqual([1, 2, 3]);
  });
});

describe('the box', () => {
  test('of the picture is another in what the network saw of it', () => {
    const seen = { left: 0.25, top: 0, width: 0.5, height: 1 };
    expect(boxSeen({ left: 0.25, top: 0.5, width: 0.25, height: 0.5 }, seen)).toEqual({
      ...{ left: 0, top: 0.5, width: 0.5, height: 0.5 },
    });
  });

  test('is drawn from any corner, and stays in the picture', () => {
    expect(boxBetween({ x: 0.8, y: 0.9 }, { x: 0.3, y: -2 })).toEqual({
      ...{ left: 0.3, top: 0, width: 0.5, height: 0.9 },
    });
    const small = boxBetween({ x: 1, y: 1 }, { x: 1, y: 1 });
    expect(small.width).toBeGreaterThan(0);
    expect(small.left + small.width).toBeLessThanOrEqual(1);
  });

  test('stops at the edges when it is moved', () => {
    expect(movedBox(leftHalf, 2, 0.3)).toEqual({ left: 0.5, top: 0, width: 0.5, height: 1 });
  });

  test.each([
    ['e', 0.25, 0, { left: 0, top: 0, width: 0.75, height: 1 }],
    ['w', 0.25, 0, { left: 0.25, top: 0, width: 0.25, height: 1 }],
    ['s', 0, -0.5, { left: 0, top: 0, width: 0.5, height: 0.5 }],
    ['ne', 0.25, 0.25, { left: 0, top: 0.25, width: 0.75, height: 0.75 }],
  ] as const)('its %s side is moved by %f, %f', (edge, across, down, box) => {
    expect(resizedBox(leftHalf, edge, across, down)).toEqual(box);
  });

  test('never turns inside out', () => {
    const { width, height } = resizedBox(whole, 'se', -5, -5);
    expect(width).toBeGreaterThan(0);
    expect(height).toBeGreaterThan(0);
  });
});
