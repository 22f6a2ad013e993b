import type { Chart } from 'chart.js';
import type { Ink } from './theme.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
}

interface Mark {
  readonly at: number;
  readonly label: string;
}

/** What a drawing of bars needs of the chart on the screen, in pixels of that chart. */
export interface BarFrame {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly area: { left: number; top: number; right: number; bottom: number };
  /** Values run from left to right, and categories from top to bottom. */
  readonly lying: boolean;
  readonly bars: readonly Box[];
  readonly categories: readonly Mark[];
  readonly values: readonly Mark[];
}

/** A bar chart as it stands on the screen. */
export function barFrame(chart: Chart, title: string): BarFrame {
  const lying = chart.options.indexAxis === 'y';
  const bars = chart.data.datasets.flatMap((dataset, place) =>
    chart.getDatasetMeta(place).data.flatMap((element, index): Box[] => {
      const { x, y, base, width, height } = element.getProps(['x', 'y', 'base', 'width', 'height'], true) as Record<
        'x' | 'y' | 'base' | 'width' | 'height',
        number
      >;
      const colours = dataset.backgroundColor;
      const colour = String(Array.isArray(colours) ? colours[index] : colours);
      if (![x, y, base].every(Number.isFinite)) return [];
      return lying
        ? [{ x: Math.min(x, base), y: y - height / 2, width: Math.abs(x - base), height, colour }]
        : [{ x: x - width / 2, y: Math.min(y, base), width, height: Math.abs(y - base), colour }];
    }),
  );
  const marks = (axis: 'x' | 'y') => {
    const scale = chart.scales[axis];
    return (scale?.ticks ?? []).map(({ value, label }) => ({
      at: scale?.getPixelForValue(value) ?? 0,
      label: String(label ?? ''),
    }));
  };
  const { width, height, chartArea: area } = chart;
  const [categories, values] = lying ? [marks('y'), marks('x')] : [marks('x'), marks('y')];
  return { title, width, height, area, lying, bars, categories, values };
}

/** The bars as a drawing, sharp at any size. */
export function barSvg({ title, width, height, area, ...frame }: BarFrame, ink: Ink): string {
  const { lying, bars, categories, values } = frame;
  const [across, down] = lying ? [values, categories] : [categories, values];
  const grid = values.map(({ at }) => {
    const place = round(at);
    const line = lying ? `M${place} ${area.top}V${area.bottom}` : `M${area.left} ${place}H${area.right}`;
    return `<path d="${line}" stroke="${ink.line}"/>`;
  });
  const below = across.map(
    ({ at, label }) => `<text x="${round(at)}" y="${area.bottom + 18}" text-anchor="middle">${escape(label)}</text>`,
  );
  const beside = down.map(
    ({ at, label }) => `<text x="${area.left - 8}" y="${round(at + 4)}" text-anchor="end">${escape(label)}</text>`,
  );
  const boxes = bars.map(
    (bar) =>
      `<rect x="${round(bar.x)}" y="${round(bar.y)}" width="${round(bar.width)}" height="${round(bar.height)}" ` +
      `rx="2" fill="${bar.colour.slice(0, 7)}"${opacity(bar.colour)}/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${ink.panel}"/>`,
    `<g font-family="sans-serif" font-size="11" fill="${ink.quiet}">${grid.join('')}${below.join('')}${beside.join('')}</g>`,
    `<g>${boxes.join('')}</g></svg>`,
  ].join('\n');
}

/** `#rrggbbaa`: SVG readers of before CSS Color 4 know the eighth part only as an opacity. */
function opacity(colour: string): string {
  return /^#[0-9a-f]{8}$/i.test(colour) ? ` fill-opacity="${round(parseInt(colour.slice(7), 16) / 255)}"` : '';
}

const round = (value: number) => Math.round(value * 100) / 100;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
