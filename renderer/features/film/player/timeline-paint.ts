import type { Line, Range } from '#ui/line-data.ts';
import type { Ink } from '#ui/theme.ts';
import { apartBy, pixelOf, type Plot, type Stretch } from './timeline.ts';

interface Ribbon {
  readonly runs: readonly Stretch[];
  /** Those that have a line and a colour. */
  readonly classes: readonly number[];
  /** s; where another class comes to the top. */
  readonly changes: readonly number[];
  readonly range: Range;
  readonly area: Plot;
  readonly ink: Ink;
}

/** px */
const band = { top: 6, height: 7 };
const least = 3;

/** Which class is on top, as a band in the lines' colours, with a mark at every change. */
export function paintRibbon(canvas: HTMLCanvasElement, { runs, classes, changes, range, area, ink }: Ribbon): void {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context || width === 0) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, clientWidth, clientHeight);
  const at = (seconds: number) => Math.min(area.right, Math.max(area.left, pixelOf(seconds, range, area)));
  for (const { from, to, index } of runs) {
    const [left, right] = [at(from), at(to)];
    if (right <= left) continue;
    const series = classes.indexOf(index);
    context.fillStyle = series < 0 ? ink.lineStrong : (ink.series[series % ink.series.length] ?? ink.ink);
    context.fillRect(left, band.top, right - left, band.height);
  }
  context.fillStyle = ink.ink;
  const seen = changes.filter((seconds) => seconds >= range.from && seconds <= range.to);
  for (const pixel of apartBy(seen.map(at), least)) context.fillRect(pixel - 0.5, band.top - 4, 1, band.height + 8);
}

/** The chart as a table: a cell is empty where a class was not among the five and nobody asked for it. */
export function chartRows(
  xLabel: string,
  seconds: ArrayLike<number>,
  lines: readonly Line[],
  known: readonly Float64Array[],
): (string | number)[][] {
  const rows = Array.from({ length: seconds.length }, (_, frame) => [
    seconds[frame] ?? 0,
    ...known.map((values) => {
      const value = values[frame] ?? NaN;
      return Number.isNaN(value) ? '' : value;
    }),
  ]);
  return [[xLabel, ...lines.map(({ label }) => label)], ...rows];
}
