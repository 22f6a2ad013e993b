import sharp from 'sharp';
import { expect, test } from 'vitest';
import { areaFor, paint, unmarked, type Scene } from '#ui/confusion-paint.ts';
import { fitted } from '#ui/confusion-view.ts';
import { svgPen } from '#ui/pens.ts';
import type { Ink } from '#ui/theme.ts';

const ink: Ink = {
  ...{ ink: '#111111', quiet: '#777777', line: '#eeeeee', lineStrong: '#cccccc', panel: '#ffffff' },
  ...{ accent: '#bb3377', right: '', wrong: '', font: 'x', series: [] },
};
const names = ['<cat>', 'dog & co'];
const scene: Scene = {
  names,
  cells: [
    { row: 0, column: 1, value: 0.25, strength: 0.25 },
    { row: 0, column: 0, value: 0.75, strength: 0.75 },
  ],
  figure: (value) => String(value * 100),
  borders: [1],
  signed: false,
  trueTitle: 'True class',
  predictedTitle: 'Predicted class',
};

function drawn(one: Scene, width: number, height: number): string {
  const area = areaFor(width, height, one.names);
  const pen = svgPen(width, height, ink.panel, ink.font);
  paint(pen, one, area, fitted(area), unmarked, { ink, dark: false });
  return pen.finish();
}

test('a small matrix has its figures, names and titles, and is whole', async () => {
  const svg = drawn(scene, 400, 400);
  for (const words of ['>25<', '>75<', '>&lt;cat&gt;<', '>dog &amp; co<', '>True class<', '>Predicted class<']) {
    expect(svg).toContain(words);
  }
  expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({ format: 'svg', width: 400, height: 400 });
});

test('names of a thousand classes leave each other room', () => {
  const many = { ...scene, cells: [], names: Array.from({ length: 1000 }, (_, i) => `class ${i}`) };
  const texts = drawn(many, 800, 800).match(/>class \d+</g) ?? [];
  expect(texts.length).toBeGreaterThan(40);
  expect(texts.length).toBeLessThan(120);
});

test('a cell smaller than a pixel is still drawn as one', () => {
  const many = { ...scene, names: Array.from({ length: 1000 }, (_, i) => String(i)) };
  expect(drawn(many, 400, 400).match(/width="1" height="1"/g)).toHaveLength(2);
});
