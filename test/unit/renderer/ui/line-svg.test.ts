import { expect, test } from 'vitest';
import type { DrawnLine } from '#ui/line-canvas.ts';
import { lineSvg } from '#ui/line-svg.ts';
import type { Ink } from '#ui/theme.ts';

const ink: Ink = {
  ...{
    ink: '#000000',
    quiet: '#777777',
    line: '#cccccc',
    lineStrong: '#999999',
    panel: '#ffffff',
    accent: '#ff0000',
    right: '',
    wrong: '',
  },
  ...{ font: 'x', series: ['#0072b2', '#d55e00'] },
};
const frame = {
  ...{ title: 'Loss', width: 100, height: 50, area: { left: 10, top: 5, right: 95, bottom: 40 } },
  pixelX: (x: number) => 10 + x,
  pixelY: (y: number) => 40 - y,
  ticksX: [{ at: 10, label: '0' }],
  ticksY: [{ at: 40, label: '0' }],
};
const line = (y: number[], more: Partial<DrawnLine> = {}): DrawnLine => ({
  ...{ points: y.map((value, x) => ({ x, y: value })), series: 0, dashed: false, faint: false, ...more },
});

test('lines are paths in the colour of their run, held-out images dashed', () => {
  const svg = lineSvg([line([1, 2]), line([3, 4], { series: 1, dashed: true })], frame, ink);
  expect(svg).toContain('<path d="M10 39L11 38" stroke="#0072b2" stroke-width="1.75" opacity="1"/>');
  expect(svg).toContain(
    '<path d="M10 37L11 36" stroke="#d55e00" stroke-width="1.75" opacity="1" stroke-dasharray="5 4"/>',
  );
});

test('the two edges of an envelope are one filled shape', () => {
  const edges = [line([1, 1], { faint: true, edge: 'low' }), line([5, 5], { faint: true, edge: 'high' })];
  const svg = lineSvg([line([2, 2]), ...edges], frame, ink);
  expect(svg.match(/<path d="M1/g)).toHaveLength(3); // the rule, the line, the shape
  expect(svg).toContain('<path d="M10 35L11 35L11 39L10 39Z" fill="#0072b2" opacity="0.15"/>');
});
