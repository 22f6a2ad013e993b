import type { DrawnLine } from './line-canvas.ts';
import type { Ink } from './theme.ts';

interface Tick {
  readonly at: number;
  readonly label: string;
}

/** What a drawing needs of the chart on the screen, in pixels of that chart. */
export interface SvgFrame {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly area: { left: number; top: number; right: number; bottom: number };
  readonly pixelX: (x: number) => number;
  readonly pixelY: (y: number) => number;
  readonly ticksX: readonly Tick[];
  readonly ticksY: readonly Tick[];
}

/** The chart as a drawing: the same lines and ticks as on the screen, sharp at any size. */
export function lineSvg(lines: readonly DrawnLine[], frame: SvgFrame, ink: Ink): string {
  const { width, height, area } = frame;
  const round = (value: number) => Math.round(value * 100) / 100;
  const grid = frame.ticksY.map(
    ({ at, label }) =>
      `<path d="M${area.left} ${round(at)}H${area.right}" stroke="${ink.line}"/>` +
      `<text x="${area.left - 8}" y="${round(at + 4)}" text-anchor="end">${escape(label)}</text>`,
  );
  const below = frame.ticksX.map(
    ({ at, label }) => `<text x="${round(at)}" y="${area.bottom + 18}" text-anchor="middle">${escape(label)}</text>`,
  );
  const along = (points: DrawnLine['points']) =>
    points.map(({ x, y }) => `${round(frame.pixelX(x))} ${round(frame.pixelY(y))}`).join('L');
  const paths = lines.map(({ points, series, dashed, faint, edge }, place) => {
    if (edge === 'low') return '';
    const d = along(points);
    const dash = dashed && !faint ? ' stroke-dasharray="5 4"' : '';
    const colour = ink.series[series % ink.series.length] ?? ink.ink;
    const lower = edge ? lines[place - 1]?.points : undefined;
    if (lower) return `<path d="M${d}L${along([...lower].reverse())}Z" fill="${colour}" opacity="0.15"/>`;
    return `<path d="M${d}" stroke="${colour}" stroke-width="${faint ? 1 : 1.75}" opacity="${faint ? 0.25 : 1}"${dash}/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escape(frame.title)}</title><rect width="100%" height="100%" fill="${ink.panel}"/>`,
    `<g font-family="sans-serif" font-size="11" fill="${ink.quiet}">${grid.join('')}${below.join('')}</g>`,
    `<g fill="none" stroke-linejoin="round">${paths.join('')}</g></svg>`,
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
