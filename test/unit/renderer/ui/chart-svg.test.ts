import { expect, test } from 'vitest';
import { barSvg, type BarFrame } from '#ui/chart-svg.ts';
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
  ...{ font: 'x', series: ['#0072b2'] },
};
const frame: BarFrame = {
  ...{ title: 'Runs & <bars>', width: 200, height: 100, area: { left: 20, top: 10, right: 190, bottom: 80 } },
  lying: false,
  bars: [
    { x: 30, y: 40, width: 10, height: 40, colour: '#0072b2' },
    { x: 50.1234, y: 60, width: 10, height: 20, colour: '#0072b266' },
  ],
  categories: [{ at: 35, label: 'a "b"' }],
  values: [{ at: 45, label: '1' }],
};

test('every bar is there, see-through where the chart is', () => {
  const svg = barSvg(frame, ink);
  expect(svg).toContain('<rect x="30" y="40" width="10" height="40" rx="2" fill="#0072b2"/>');
  expect(svg).toContain('<rect x="50.12" y="60" width="10" height="20" rx="2" fill="#0072b2" fill-opacity="0.4"/>');
});

test('no name is markup', () => {
  const svg = barSvg(frame, ink);
  expect(svg).toContain('<title>Runs &amp; &lt;bars></title>');
  expect(svg).toContain('>a &quot;b&quot;</text>');
});

test.each([
  [false, 'M20 45H190', '<text x="35" y="98" text-anchor="middle">a'],
  [true, 'M45 10V80', '<text x="12" y="39" text-anchor="end">a'],
])('bars that lie (%s) have their rules and names turned', (lying, rule, name) => {
  const svg = barSvg({ ...frame, lying }, ink);
  expect(svg).toContain(`<path d="${rule}"`);
  expect(svg).toContain(name);
});
