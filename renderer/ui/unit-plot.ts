import type { Pen } from './pens.ts';
import type { Ink } from './theme.ts';

/** A plot whose two axes both go from 0 to 1. */
export interface UnitPlot {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly bars?: readonly UnitBar[];
  readonly lines: readonly UnitLine[];
  /** From corner to corner: what would be expected. */
  readonly diagonal?: boolean;
  readonly marks?: readonly { readonly x: number; readonly y: number; readonly series: number }[];
  /** Where something is set on the x axis. */
  readonly upright?: number | undefined;
}

export interface UnitBar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** What it should be; the space between is outlined. */
  readonly expected: number;
}

export interface UnitLine {
  readonly label: string;
  /** Which of the eight series colours, from 0. */
  readonly series: number;
  readonly x: readonly number[];
  /** Null: nothing there, the line is broken. */
  readonly y: readonly (number | null)[];
}

const left = 58;
const right = 20;
const top = 10;
const bottom = 40;
const ticks = [0, 0.25, 0.5, 0.75, 1];

export function paintUnit(pen: Pen, plot: UnitPlot, width: number, height: number, ink: Ink): void {
  const across = width - left - right;
  const down = height - top - bottom;
  const x = (value: number) => left + value * across;
  const y = (value: number) => top + (1 - value) * down;
  const words = { fill: ink.quiet, size: 11 } as const;
  for (const tick of ticks) {
    pen.line(left, y(tick), left + across, y(tick), ink.line);
    pen.line(x(tick), top, x(tick), top + down, ink.line);
    pen.text(`${tick * 100} %`, left - 6, y(tick), { ...words, align: 'right' });
    pen.text(`${tick * 100} %`, x(tick), top + down + 11, { ...words, align: 'center' });
  }
  pen.text(plot.xLabel, left + across / 2, height - 8, { ...words, size: 12, align: 'center' });
  pen.text(plot.yLabel, 9, top + down / 2, { ...words, size: 12, align: 'center', turned: true });
  for (const { from, to, value, expected } of plot.bars ?? []) {
    const wide = Math.max(1, x(to) - x(from) - 1);
    pen.rect(x(from), y(value), wide, y(0) - y(value), ink.series[0] ?? ink.ink);
    const [low, high] = [Math.min(value, expected), Math.max(value, expected)];
    pen.outline(x(from) + 0.5, y(high), wide - 1, y(low) - y(high), ink.series[1] ?? ink.ink, 1.5);
  }
  if (plot.diagonal) pen.line(x(0), y(0), x(1), y(1), ink.quiet);
  if (plot.upright !== undefined) pen.line(x(plot.upright), top, x(plot.upright), top + down, ink.accent);
  pen.inside(left - 3, top - 3, across + 6, down + 6, () => {
    for (const line of plot.lines) paintLine(pen, line, x, y, ink);
    for (const mark of plot.marks ?? []) {
      pen.rect(x(mark.x) - 4, y(mark.y) - 4, 8, 8, ink.panel);
      pen.outline(x(mark.x) - 4, y(mark.y) - 4, 8, 8, ink.series[mark.series] ?? ink.ink, 2);
    }
  });
}

type Scale = (value: number) => number;

function paintLine(pen: Pen, line: UnitLine, x: Scale, y: Scale, ink: Ink): void {
  const stroke = ink.series[line.series] ?? ink.ink;
  line.x.forEach((at, place) => {
    const [before, from, to] = [line.x[place - 1], line.y[place - 1], line.y[place]];
    if (before === undefined || typeof from !== 'number' || typeof to !== 'number') return;
    pen.line(x(before), y(from), x(at), y(to), stroke, 2);
  });
}

/** Bars as from, to, value, expected; lines side by side under their own x. */
export function unitTable({ xLabel, yLabel, bars, lines }: UnitPlot): (string | number)[][] {
  if (bars?.length) {
    const rows = bars.map(({ from, to, value, expected }) => [from, to, expected, value]);
    return [['from', 'to', xLabel, yLabel], ...rows];
  }
  const head = lines.flatMap(({ label }) => [xLabel, lines.length > 1 ? label : yLabel]);
  const length = Math.max(0, ...lines.map((line) => line.x.length));
  const row = (_: unknown, place: number) => lines.flatMap((line) => [line.x[place] ?? '', line.y[place] ?? '']);
  return [head, ...Array.from({ length }, row)];
}
