import { expect, test } from 'vitest';
import { heatTable } from '#contract/heat-colours.ts';
import { overlaid } from '#engine/explain/heat-picture.ts';
import { Composer, stamp, type Look } from '#engine/video/run/composer.ts';

const view = { width: 12, height: 8 };
const whole = { left: 0, top: 0, width: 1, height: 1 };
const look: Look = { layout: 'side-by-side', colours: 'jet', opacity: 0.4, labels: false, bar: false };
const picture = Uint8Array.from({ length: view.width * view.height * 3 }, (_, at) => (at * 37) % 256);
const map = { height: 2, width: 3, values: Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1) };

function composed(given: Partial<Look>, seen = whole) {
  const composer = new Composer({ view, look: { ...look, ...given }, seen });
  const into = new Uint8Array(composer.size.width * composer.size.height * 3).fill(7);
  composer.compose(picture, map, into);
  const { width } = composer.size;
  const at = (x: number, y: number) => [...into.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  return { at, into, size: composer.size };
}

const original = (x: number, y: number) => [
  ...picture.subarray((y * view.width + x) * 3, (y * view.width + x) * 3 + 3),
];

test('side by side: the picture as it is at the left, the picture under its heat at the right', () => {
  const { at, size } = composed({});
  expect(size).toEqual({ width: 24, height: 8 });
  const place = { picture: view, seen: { left: 0, top: 0, ...view }, input: view, inverted: false, how: '' };
  const expected = overlaid({ ...view, pixels: picture }, map, place, { colours: 'jet', opacity: 0.4 });
  for (let y = 0; y < view.height; y++) {
    for (let x = 0; x < view.width; x++) {
      expect(at(x, y)).toEqual(original(x, y));
      const from = (y * view.width + x) * 3;
      at(view.width + x, y).forEach((level, c) => {
        // Between two steps of the table either may be taken: jet's steps are 4 levels, of which 0.4 are seen.
        expect(Math.abs(level - (expected.pixels[from + c] ?? 0))).toBeLessThanOrEqual(2);
      });
    }
  }
});

test('what the network does not see keeps its colours, and has none in the heat alone', () => {
  const seen = { left: 0.25, top: 0, width: 0.5, height: 1 };
  const overlay = composed({ layout: 'overlay' }, seen);
  expect(overlay.at(2, 4)).toEqual(original(2, 4));
  expect(overlay.at(9, 4)).toEqual(original(9, 4));
  expect(overlay.at(5, 4)).not.toEqual(original(5, 4));
  const heat = composed({ layout: 'heat' }, seen);
  expect(heat.at(0, 0)).toEqual([40, 40, 40]);
  expect(heat.at(8, 7)).toEqual([...heatTable('jet').subarray(255 * 3, 256 * 3)]);
});

test('where padding was added to the input, heat beyond the picture is cut off', () => {
  const { at } = composed({ layout: 'heat' }, { left: 0, top: -0.5, width: 1, height: 2 });
  expect(at(0, 0)).not.toEqual([40, 40, 40]);
  expect(at(11, 7)).not.toEqual([40, 40, 40]);
});

test('opacity 0 is the picture, 1 the heat', () => {
  expect(composed({ layout: 'overlay', opacity: 0 }).into).toEqual(picture);
  expect(composed({ layout: 'overlay', opacity: 1 }).into).toEqual(composed({ layout: 'heat' }).into);
});

test('a stamp keeps of the picture what it says and adds its own; what reaches beyond is left off', () => {
  const into = new Uint8Array(2 * 2 * 3).fill(100);
  const half = { width: 2, height: 2, keep: new Uint16Array(4).fill(128), add: new Uint8Array(12).fill(9) };
  stamp(into, { width: 2, height: 2 }, half, 1, 1);
  expect([...into]).toEqual([...new Array<number>(9).fill(100), 59, 59, 59]);
});
