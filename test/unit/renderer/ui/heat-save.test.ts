import { expect, test } from 'vitest';
import { fitted, placeSeen } from '#ui/heat-paint.ts';
import { heatRows, wrapped } from '#ui/heat-save.ts';

const oneEach = (text: string) => text.length;

test('the rows of a CSV are the lines of the map', () => {
  expect(heatRows({ width: 2, height: 2, values: Float32Array.of(0, 0.5, 0.25, 1) })).toEqual([
    [0, 0.5],
    [0.25, 1],
  ]);
});

test.each<[string, number, string[]]>([
  ['', 10, []],
  ['short', 10, ['short']],
  ['Heat for tabby, gone', 10, ['Heat for', 'tabby,', 'gone']],
  ['unbreakablewordislong', 5, ['unbreakablewordislong']],
  ['热力针对虎斑猫', 4, ['热力针对', '虎斑猫']],
])('“%s” in lines of %i', (text, width, lines) => {
  expect(wrapped(text, width, oneEach)).toEqual(lines);
});

test('the largest box of a shape fits', () => {
  expect(fitted({ width: 400, height: 300 }, 200, 200)).toEqual({ width: 200, height: 150 });
  expect(fitted({ width: 28, height: 28 }, 300, 200)).toEqual({ width: 200, height: 200 });
});

test('a place of the picture is one of what the network saw, or outside of it', () => {
  const scene = { size: { width: 400, height: 200 }, seen: { left: 100, top: 0, width: 200, height: 200 } };
  expect(placeSeen(scene, 0.5, 0.5)).toEqual({ x: 0.5, y: 0.5 });
  expect(placeSeen(scene, 0.25, 0)).toEqual({ x: 0, y: 0 });
  expect(placeSeen(scene, 0.2, 0.5)).toBeNull();
  // With borders added the network sees more than the picture.
  const padded = { size: { width: 200, height: 100 }, seen: { left: 0, top: -50, width: 200, height: 200 } };
  expect(placeSeen(padded, 0, 0)).toEqual({ x: 0, y: 0.25 });
});
