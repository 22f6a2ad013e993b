import { expect, test } from 'vitest';
import { inkOn, toRgba, valuesAt, valueText } from '#features/data/pixel-values.ts';

const grey = { width: 2, height: 2, channels: 1, pixels: [0, 10, 20, 255] };
const colour = { width: 1, height: 2, channels: 3, pixels: [1, 2, 3, 4, 5, 6] };

test.each([
  { title: 'a grey pixel has one value', image: grey, x: 1, y: 1, want: [255] },
  { title: 'a colour pixel has one a channel', image: colour, x: 0, y: 1, want: [4, 5, 6] },
  { title: 'outside there is nothing', image: grey, x: 2, y: 0, want: [] },
])('$title', ({ image, x, y, want }) => {
  expect(valuesAt(image, x, y)).toEqual(want);
});

test.each([
  { value: 0, hex: false, want: '0' },
  { value: 253, hex: false, want: '253' },
  { value: 253, hex: true, want: 'FD' },
  { value: 7, hex: true, want: '07' },
])('$value is written $want', ({ value, hex, want }) => {
  expect(valueText(value, hex)).toBe(want);
});

test('grey is repeated, colour is kept, and only a fourth channel is transparent', () => {
  expect([...toRgba(grey)].slice(4, 8)).toEqual([10, 10, 10, 255]);
  expect([...toRgba(colour)]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  expect([...toRgba({ width: 1, height: 1, channels: 4, pixels: [9, 8, 7, 6] })]).toEqual([9, 8, 7, 6]);
});

test('figures are dark on bright pixels and bright on dark ones', () => {
  expect(inkOn([255])).toBe('#000000');
  expect(inkOn([30])).toBe('#ffffff');
  expect(inkOn([0, 255, 0])).toBe('#000000');
  expect(inkOn([0, 0, 255])).toBe('#ffffff');
});
