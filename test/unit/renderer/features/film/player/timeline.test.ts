import { describe, expect, test } from 'vitest';
import {
  apartBy,
  following,
  pixelOf,
  secondsOf,
  spreadLabels,
  stretches,
  zoomed,
} from '#features/film/player/timeline.ts';

const plot = { left: 50, right: 250, top: 0, bottom: 100 };
const whole = { from: 0, to: 10 };

test('seconds and pixels are each other’s inverse, and pixels beyond the plot are its ends', () => {
  expect(pixelOf(5, whole, plot)).toBe(150);
  expect(secondsOf(150, whole, plot)).toBe(5);
  expect([secondsOf(0, whole, plot), secondsOf(999, whole, plot)]).toEqual([0, 10]);
});

describe('zooming', () => {
  test('nearer keeps the place under the pointer', () => {
    const near = zoomed(whole, whole, 2, 0.5, 0.2);
    expect(near).toEqual({ from: 1, to: 6 });
    expect(near && pixelOf(2, near, plot)).toBeCloseTo(pixelOf(2, whole, plot));
  });

  test('farther than all is all', () => expect(zoomed({ from: 1, to: 8 }, whole, 2, 2, 0.2)).toBeNull());

  test('never nearer than the least, never beyond the film', () => {
    expect(zoomed({ from: 9.7, to: 10 }, whole, 10, 0.01, 0.2)).toEqual({ from: 9.8, to: 10 });
  });

  test('turns the page when playing leaves it', () => {
    const page = { from: 2, to: 4 };
    expect(following(page, whole, 3)).toBe(page);
    expect(following(page, whole, 4.1).from).toBeCloseTo(4);
    expect(following(page, whole, 9.9).to).toBe(10);
    expect(following(page, whole, 0).from).toBe(0);
  });
});

describe('labels beside the lines’ ends', () => {
  test('that are apart stay where they are', () => expect(spreadLabels([20, 80], plot, 16)).toEqual([20, 80]));

  test('that meet are pushed apart in their order, within the plot', () => {
    const placed = spreadLabels([99, 98, 99, 1], plot, 16);
    expect(placed).toEqual([76, 60, 92, 8]);
  });
});

test('the top class as stretches of time, the last one to the end', () => {
  const seconds = [0, 1, 2, 3];
  const tops = [7, 7, 8, 8];
  expect(stretches(seconds, [2], (frame) => tops[frame] ?? -1, 4)).toEqual([
    { from: 0, to: 2, index: 7 },
    { from: 2, to: 4, index: 8 },
  ]);
});

test('marks that cannot be told apart are one', () => expect(apartBy([1, 2, 3, 9, 10, 20], 3)).toEqual([1, 9, 20]));
