import { heatTable, type HeatColours } from '#contract/heat-colours.ts';
import { fitted, paintHeat, type HeatScene, type HeatShow } from './heat-paint.ts';
import type { HeatMap } from './heat-map.ts';

export interface SavedWords {
  /** Above the three pictures. */
  readonly picture: string;
  readonly heat: string;
  readonly overlay: string;
  /** Below: what is seen, in a sentence or two. */
  readonly caption: string;
  readonly font: string;
}

/** px; no saved picture is larger, none of the three smaller than the least. */
const largest = 2048;
const least = 256;

/** Heat over the picture, at the picture's own size: small ones enlarged by whole steps. */
export function overlayCanvas(scene: HeatScene): HTMLCanvasElement {
  const { width, height } = savedSize(scene);
  const { canvas, context } = sheet(width, height);
  paintHeat(context, scene, 'overlay', { left: 0, top: 0, width, height });
  return canvas;
}

/** Picture, heat and both side by side, with colour bar and caption, on white. */
export function sideBySideCanvas(scene: HeatScene, colours: HeatColours, words: SavedWords): HTMLCanvasElement {
  const own = savedSize(scene);
  const { width, height } = fitted(own, Math.min(own.width, 720), Math.min(own.height, 960));
  const [gap, head, edge] = [16, 28, 24];
  const whole = Math.round(edge * 2 + width * 3 + gap * 2);
  const measure = sheet(1, 1).context;
  measure.font = `14px ${words.font}`;
  const lines = wrapped(words.caption, whole - edge * 2, (text) => measure.measureText(text).width);
  const below = 52 + lines.length * 20;
  const { canvas, context } = sheet(whole, Math.round(edge * 2 + head + height + below));
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'middle';
  const shows: readonly [HeatShow, string][] = [
    ['picture', words.picture],
    ['heat', words.heat],
    ['overlay', words.overlay],
  ];
  for (const [place, [show, title]] of shows.entries()) {
    const left = edge + place * (width + gap);
    context.fillStyle = '#1b1b1f';
    context.font = `600 15px ${words.font}`;
    context.fillText(title, left, edge + head / 2 - 4, width);
    paintHeat(context, scene, show, { left, top: edge + head, width, height });
  }
  const barTop = edge + head + height + 16;
  const barWidth = Math.min(320, whole - edge * 2 - 40);
  drawBar(context, colours, { left: edge + 16, top: barTop, width: barWidth, height: 12 }, words.font);
  context.font = `14px ${words.font}`;
  context.fillStyle = '#62626b';
  for (const [row, line] of lines.entries()) context.fillText(line, edge, barTop + 38 + row * 20);
  return canvas;
}

/** The map's values as rows of a CSV, its lines from the top. */
export function heatRows(map: HeatMap): number[][] {
  return Array.from({ length: map.height }, (_, y) => [...map.values.subarray(y * map.width, (y + 1) * map.width)]);
}

/** Text in lines no wider than `width`; what has no spaces is broken where it must be. */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(/(?<=\s)|(?<=[\u3000-\u9fff\uff00-\uffef])/)) {
    if (line !== '' && measure(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

function savedSize({ size }: HeatScene): { width: number; height: number } {
  const longest = Math.max(size.width, size.height);
  const scale = longest > largest ? largest / longest : longest < least ? Math.ceil(least / longest) : 1;
  return { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
}

function drawBar(
  context: CanvasRenderingContext2D,
  colours: HeatColours,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
  font: string,
): void {
  const table = heatTable(colours);
  for (let x = 0; x < width; x++) {
    const step = Math.round((x / (width - 1)) * 255) * 3;
    context.fillStyle = `rgb(${table[step]} ${table[step + 1]} ${table[step + 2]})`;
    context.fillRect(left + x, top, 1, height);
  }
  context.fillStyle = '#62626b';
  context.font = `12px ${font}`;
  context.fillText('0', left - 14, top + height / 2);
  context.fillText('1', left + width + 7, top + height / 2);
}

function sheet(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  return { canvas, context };
}
