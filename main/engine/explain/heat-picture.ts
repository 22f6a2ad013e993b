import sharp from 'sharp';
import { heatStep, heatTable, type HeatColours } from '#contract/heat-colours.ts';
import type { InputPlace } from '#contract/prediction.ts';
import { resized, type Plane } from './heat.ts';
import type { Colours } from './original-picture.ts';

export interface Paint {
  readonly colours: HeatColours;
  /** Of the heat over the picture, 0…1. */
  readonly opacity: number;
}

/** Heat at the size of the picture: each place that the network saw has its value, the others none. */
function spread(map: Plane, { seen, picture }: InputPlace, { width, height }: Colours): Float32Array {
  const [across, down] = [width / picture.width, height / picture.height];
  const part = {
    left: Math.round(seen.left * across),
    top: Math.round(seen.top * down),
    width: Math.max(1, Math.round(seen.width * across)),
    height: Math.max(1, Math.round(seen.height * down)),
  };
  const inside = resized(map, part.width, part.height);
  const values = new Float32Array(width * height).fill(Number.NaN);
  for (let y = Math.max(0, part.top); y < Math.min(height, part.top + part.height); y++) {
    const from = (y - part.top) * part.width - part.left;
    const [first, end] = [Math.max(0, part.left), Math.min(width, part.left + part.width)];
    values.set(inside.values.subarray(from + first, from + end), y * width + first);
  }
  return values;
}

/** The picture under its heat. @param opacity 1 = the heat alone */
export function overlaid(picture: Colours, map: Plane, place: InputPlace, { colours, opacity }: Paint): Colours {
  const table = heatTable(colours);
  const pixels = new Uint8Array(picture.pixels); // a Buffer's slice would be the picture itself
  for (const [at, value] of spread(map, place, picture).entries()) {
    if (Number.isNaN(value)) continue;
    const step = heatStep(value) * 3;
    for (let c = 0; c < 3; c++) {
      const under = picture.pixels[at * 3 + c] ?? 0;
      pixels[at * 3 + c] = Math.round(under + ((table[step + c] ?? 0) - under) * opacity);
    }
  }
  return { ...picture, pixels };
}

const rawOf = ({ width, height }: Colours) => ({ raw: { width, height, channels: 3 as const } });

export const pngOf = (picture: Colours): Promise<Buffer> => sharp(picture.pixels, rawOf(picture)).png().toBuffer();

/** Under the panels: what was asked, and what the answer was. */
export interface Captions {
  readonly title: string;
  readonly heat: string;
}

/** px */
const gap = 20;
const line = 34;
const bar = { width: 18, room: 72 };
const panelSide = 1024;

/** Original, heat and overlay side by side on white, with the colour bar from 0 to 1 and what is to be seen in words. */
export async function sideBySide(
  picture: Colours,
  map: Plane,
  place: InputPlace,
  paint: Paint,
  { title, heat }: Captions,
): Promise<Buffer> {
  const shrink = Math.min(1, panelSide / Math.max(picture.width, picture.height));
  const width = Math.round(picture.width * shrink);
  const height = Math.round(picture.height * shrink);
  const blank = { ...picture, pixels: new Uint8Array(picture.pixels.length).fill(236) };
  const panels = [picture, overlaid(blank, map, place, { ...paint, opacity: 1 }), overlaid(picture, map, place, paint)];
  const top = gap + line;
  const layers = panels.map(async (panel, column) => ({
    input: await sharp(panel.pixels, rawOf(panel)).resize(width, height, { fit: 'fill' }).png().toBuffer(),
    left: gap + column * (width + gap),
    top: top + line,
  }));
  const whole = { width: gap + 3 * (width + gap) + bar.room, height: top + line + height + gap };
  const barLeft = gap + 3 * (width + gap);
  const head = words(title, gap, gap - 4, 20, barLeft - gap);
  const texts = ['Original', heat, 'Overlay'].map((text, column) =>
    words(text, gap + column * (width + gap), top + 4, 16, width),
  );
  const ticks = [1, 0.75, 0.5, 0.25, 0].map((value) => {
    const y = top + line + (1 - value) * height;
    return words(value.toString(), barLeft + bar.width + 6, Math.round(y) - 8, 13, bar.room - bar.width - 6);
  });
  const scale = barOf(paint.colours, height).then((input) => ({ input, left: barLeft, top: top + line }));
  return sharp({ create: { ...whole, channels: 3, background: '#ffffff' } })
    .composite(await Promise.all([...layers, scale, head, ...texts, ...ticks]))
    .png()
    .toBuffer();
}

/** From 1 above to 0 below. */
function barOf(colours: HeatColours, height: number): Promise<Buffer> {
  const table = heatTable(colours);
  const pixels = new Uint8Array(bar.width * height * 3);
  for (let y = 0; y < height; y++) {
    const step = heatStep(1 - (y + 0.5) / height) * 3;
    for (let x = 0; x < bar.width; x++) pixels.set(table.subarray(step, step + 3), (y * bar.width + x) * 3);
  }
  return pngOf({ width: bar.width, height, pixels });
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Pango's text, not SVG: that is not read here, and so neither written. @param most its width, px: longer ones are made smaller */
async function words(text: string, left: number, top: number, size: number, most: number) {
  const plain = text.replaceAll(/[&<>]/g, (sign) => signs[sign] ?? sign).replaceAll(/\p{Cc}/gu, ' ');
  const marked = `<span foreground="#1b1b1f">${plain}</span>`;
  const picture = sharp({
    text: { text: marked, font: `Arial, DejaVu Sans, sans ${size * 0.75}`, rgba: true, dpi: 96 },
  });
  const { data, info } = await picture.png().toBuffer({ resolveWithObject: true });
  const input = info.width > most ? await sharp(data).resize({ width: most }).png().toBuffer() : data;
  return { input, left, top };
}
