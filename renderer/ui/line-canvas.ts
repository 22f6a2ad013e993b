import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartArea,
  type ChartConfiguration,
  type ChartDataset,
} from 'chart.js';
import zoom from 'chartjs-plugin-zoom';
import type { Point, Range } from './line-data.ts';
import type { Ink } from './theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler, zoom);

/** A line as it is drawn: thinned points. `faint`: the raw values behind the smoothed ones. */
export interface DrawnLine {
  readonly points: Point[];
  readonly series: number;
  readonly dashed: boolean;
  readonly faint: boolean;
  /** Edges of an envelope, which is filled between them: first its low one, right after it its high one. */
  readonly edge?: 'low' | 'high';
}

export interface Look {
  readonly ink: Ink;
  readonly range: Range | null;
  readonly log: boolean;
  readonly logX: boolean;
}

export interface Axes {
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

/** Where a chart is not only read. */
export interface Fit {
  /** A stretch that is drawn over is shown alone; else the page has the pointer. */
  readonly drag?: boolean;
  /** px kept free at the right. */
  readonly room?: number;
  /** The vertical axis from 0 to 1. */
  readonly parts?: boolean;
  /** Hears where the plot lies, px, whenever it is drawn. */
  readonly ondrawn?: (area: ChartArea) => void;
}

/** Up to this many points each is marked, so that one epoch is seen as well as a hundred. */
const markedPoints = 40;
/** The same for every chart of a page: their plots stand under each other, and no tick moves them. */
const axisWidth = 54;

/** One Chart.js canvas, made once and fed: animation, legend and tooltips are left to the component around it. */
export class LineCanvas {
  readonly chart: Chart<'line', Point[]>;
  #cursor: number | null = null;
  #marks: readonly Point[] = [];
  #ink: Ink | null = null;
  #log = false;
  #logX = false;

  constructor(canvas: HTMLCanvasElement, axes: Axes, onrange: (range: Range) => void, fit: Fit = {}) {
    this.chart = new Chart(canvas, this.#configuration(axes, onrange, fit));
  }

  draw(lines: readonly DrawnLine[], { ink, range, log, logX }: Look): void {
    const { chart } = this;
    this.#ink = ink;
    this.#log = log;
    this.#logX = logX;
    lines.forEach((line, place) => {
      const next = dataset(line, ink);
      const before = chart.data.datasets[place];
      // Chart.js keeps the looks of points for as long as their dataset lives: another look is another dataset.
      if (before && sameLook(before, next)) before.data = next.data;
      else chart.data.datasets[place] = next;
    });
    chart.data.datasets.length = lines.length;
    const { x, y } = chart.options.scales ?? {};
    if (x && y) {
      // The two scale types share all that is set here.
      Object.assign(y, { type: log ? 'logarithmic' : 'linear' });
      Object.assign(x, { type: logX ? 'logarithmic' : 'linear', min: range?.from, max: range?.to });
      for (const scale of [x, y]) {
        Object.assign(scale.grid ?? {}, { color: ink.line });
        Object.assign(scale.ticks ?? {}, { color: ink.quiet, font: { family: ink.font, size: 11 } });
      }
    }
    const drag = chart.options.plugins?.zoom?.zoom?.drag;
    if (drag) Object.assign(drag, { backgroundColor: `${ink.accent}22`, borderColor: ink.accent });
    chart.update('none');
  }

  /** A hairline at x, and a mark on each line's point there. */
  point(x: number | null, marks: readonly Point[]): void {
    this.#cursor = x;
    this.#marks = marks;
    this.chart.draw();
  }

  /** The x under a pointer, null outside the plot. */
  xAt(pixel: number): number | null {
    const { left, right } = this.chart.chartArea;
    return pixel < left || pixel > right ? null : (this.chart.scales['x']?.getValueForPixel(pixel) ?? null);
  }

  destroy(): void {
    this.chart.destroy();
  }

  #configuration(
    { formatX, formatY }: Axes,
    onrange: (range: Range) => void,
    { drag = true, room = 12, parts = false, ondrawn }: Fit,
  ): ChartConfiguration<'line', Point[]> {
    return {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: room } },
        scales: {
          x: {
            type: 'linear',
            bounds: 'data',
            border: { display: false },
            grid: { display: false },
            ticks: {
              includeBounds: false,
              precision: 0,
              maxRotation: 0,
              autoSkipPadding: 20,
              callback: (value) => (!this.#logX || isRoundTick(Number(value)) ? formatX(Number(value)) : ''),
            },
          },
          y: {
            type: 'linear',
            border: { display: false },
            grid: {},
            ...(parts && { min: 0, max: 1 }),
            ticks: {
              maxTicksLimit: parts ? 5 : 7,
              callback: (value) => (!this.#log || isRoundTick(Number(value)) ? formatY(Number(value)) : ''),
            },
            afterFit: (scale) => {
              scale.width = axisWidth;
            },
          },
        },
        plugins: {
          zoom: {
            zoom: {
              mode: 'x',
              drag: { enabled: drag, threshold: 5, borderWidth: 1 },
              onZoomComplete: ({ chart }) => {
                const scale = chart.scales['x'];
                if (scale) onrange({ from: scale.min, to: scale.max });
              },
            },
          },
        },
      },
      plugins: [
        {
          id: 'cursor',
          afterDatasetsDraw: (chart) => {
            this.#drawCursor(chart);
            ondrawn?.(chart.chartArea);
          },
        },
      ],
    };
  }

  /** Chart.js draws once while it is being made: `this.chart` is not there yet. */
  #drawCursor({ ctx, chartArea, scales }: Chart): void {
    const ink = this.#ink;
    const { x, y } = scales;
    if (this.#cursor === null || !ink || !x || !y) return;
    const at = x.getPixelForValue(this.#cursor);
    if (at < chartArea.left || at > chartArea.right) return;
    ctx.save();
    ctx.strokeStyle = ink.quiet;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(at) + 0.5, chartArea.top);
    ctx.lineTo(Math.round(at) + 0.5, chartArea.bottom);
    ctx.stroke();
    ctx.fillStyle = ink.ink;
    for (const mark of this.#marks) {
      ctx.beginPath();
      ctx.arc(x.getPixelForValue(mark.x), y.getPixelForValue(mark.y), 3, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.restore();
  }
}

function dataset({ points, series, dashed, faint, edge }: DrawnLine, ink: Ink): ChartDataset<'line', Point[]> {
  const colour = ink.series[series % ink.series.length] ?? ink.ink;
  if (edge) {
    const fill = edge === 'high' ? '-1' : false;
    return { data: points, borderWidth: 0, pointRadius: 0, fill, backgroundColor: `${colour}26`, clip: 4 };
  }
  return {
    data: points,
    borderColor: faint ? `${colour}40` : colour,
    backgroundColor: colour,
    borderWidth: faint ? 1 : 1.75,
    borderDash: dashed && !faint ? [5, 4] : [],
    borderJoinStyle: 'round',
    pointRadius: !faint && points.length <= markedPoints ? 2.5 : 0,
    pointBorderWidth: 0,
    fill: false,
    clip: 4,
  };
}

function sameLook(a: ChartDataset<'line', Point[]>, b: ChartDataset<'line', Point[]>): boolean {
  return (
    a.borderColor === b.borderColor &&
    a.borderWidth === b.borderWidth &&
    a.pointRadius === b.pointRadius &&
    a.fill === b.fill &&
    a.backgroundColor === b.backgroundColor &&
    String(a.borderDash) === String(b.borderDash)
  );
}

/** On a logarithmic axis only 1, 2 and 5 of each decade have room for their figures. */
function isRoundTick(value: number): boolean {
  const lead = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  return lead === 1 || lead === 2 || lead === 5;
}
