import { expect, test } from 'vitest';
import { viewSize, wholeSize } from '#engine/video/run/sizes.ts';

test.each([
  { width: 640, height: 272, longest: undefined, view: [640, 272] },
  { width: 641, height: 271, longest: undefined, view: [640, 270] },
  { width: 3840, height: 2160, longest: undefined, view: [1920, 1080] },
  { width: 2160, height: 3840, longest: undefined, view: [1080, 1920] },
  { width: 640, height: 272, longest: 320, view: [320, 136] },
  { width: 640, height: 272, longest: 1000, view: [640, 272] },
  { width: 1001, height: 3, longest: 100, view: [100, 2] },
])('a view of $width×$height, longest $longest, is $view: even, never larger', ({ width, height, longest, view }) => {
  expect(viewSize({ width, height }, longest)).toEqual({ width: view[0], height: view[1] });
});

test('a film made is twice as wide with both views, and wider by an even bar', () => {
  const view = { width: 640, height: 272 };
  expect(wholeSize(view, { layout: 'side-by-side', bar: false })).toEqual({ width: 1280, height: 272 });
  expect(wholeSize(view, { layout: 'overlay', bar: false })).toEqual(view);
  const { width, height } = wholeSize(view, { layout: 'heat', bar: true });
  expect(height).toBe(272);
  expect(width).toBeGreaterThan(680);
  expect(width % 2).toBe(0);
});
