import type { HeatColours } from '#contract/heat-colours.ts';
import { heatTable } from '#contract/heat-colours.ts';
import { placeBetween, type HeatPlane } from '#contract/heat-plane.ts';
import type { FilmResult, FilmSettings } from '#contract/video.ts';
import type { FrameSize } from '../stages.ts';
import type { Stamp } from './label.ts';
import { wholeSize } from './sizes.ts';

export interface Look extends Pick<FilmSettings, 'layout' | 'opacity' | 'labels' | 'bar'> {
  readonly colours: HeatColours;
}

export interface Composing {
  /** Of one view. */
  readonly view: FrameSize;
  readonly look: Look;
  /** Of the view, where the network's input lies. */
  readonly seen: FilmResult['seen'];
  /** Drawn beside the views; needed with `look.bar`. */
  readonly bar?: Stamp | undefined;
}

/** What the network does not see has no heat: with the heat alone it is grey. */
const unseen = 40;

/**
 * Composes frames of one film: picture and heat into one picture, row by row, all that does not change between frames
 * computed once. Colours and opacity as `overlaid` of the Look page has them, to a step of the table.
 */
export class Composer {
  readonly size: FrameSize;
  readonly #composing: Composing;
  /** A view's columns and rows that the network sees; the end is outside. */
  readonly #part: { left: number; top: number; right: number; bottom: number; width: number; height: number };
  /** In 1/65536: how much of the picture is left, and what the 256 steps of heat add to its levels, RGB, and half a level. */
  readonly #under: number;
  readonly #shades = new Int32Array(768);
  #across: { low: Int32Array; high: Int32Array; part: Float32Array; of: number } | null = null;
  /** The map as wide as its part of the view, as high as it is; in 1/4096 of a step of the table. */
  #lines = new Int32Array(0);

  constructor(composing: Composing) {
    const { view, look, seen } = composing;
    this.#composing = composing;
    this.size = wholeSize(view, look);
    const [left, top] = [Math.round(seen.left * view.width), Math.round(seen.top * view.height)];
    const width = Math.max(1, Math.round(seen.width * view.width));
    const height = Math.max(1, Math.round(seen.height * view.height));
    const [right, bottom] = [Math.min(view.width, left + width), Math.min(view.height, top + height)];
    this.#part = { left, top, right, bottom, width, height };
    const opacity = look.layout === 'heat' ? 1 : look.opacity;
    const table = heatTable(look.colours);
    this.#under = Math.round((1 - opacity) * 65536);
    for (let at = 0; at < 768; at++) this.#shades[at] = Math.round((table[at] ?? 0) * opacity * 65536) + 32768;
  }

  /**
   * @param picture [height, width, 3] of the view
   * @param map 0…1
   * @param into `size`, RGB; every byte is written
   */
  compose(picture: Uint8Array, map: HeatPlane, into: Uint8Array, label?: Stamp | null): void {
    const { view, look, bar } = this.#composing;
    const stride = this.size.width * 3;
    const line = view.width * 3;
    const start = look.layout === 'side-by-side' ? line : 0;
    for (let y = 0; y < view.height; y++) {
      const row = picture.subarray(y * line, (y + 1) * line);
      const to = y * stride;
      if (start > 0) into.set(row, to);
      if (look.layout === 'heat') into.fill(unseen, to, to + line);
      else into.set(row, to + start);
    }
    this.#heat(picture, map, into, start);
    if (label) stamp(into, this.size, label, start / 3, view.height - label.height);
    if (bar) stamp(into, this.size, bar, start / 3 + view.width, 0);
  }

  #heat(picture: Uint8Array, map: HeatPlane, into: Uint8Array, start: number): void {
    const { left, top, right, bottom, width, height } = this.#part;
    this.#widen(map);
    const line = this.#composing.view.width * 3;
    const stride = this.size.width * 3;
    const [lines, shades, under] = [this.#lines, this.#shades, this.#under];
    const [first, across] = [Math.max(0, left), right - Math.max(0, left)];
    for (let y = Math.max(0, top); y < bottom; y++) {
      const { low, high, part } = placeBetween(y - top, height, map.height);
      const lower = (high - low) * width;
      const weight = Math.round(part * 256);
      let from = y * line + first * 3;
      let to = y * stride + start + first * 3;
      let at = low * width + first - left;
      // Indices are inside by the making of the tables; the casts spare a check of each read.
      for (const end = at + across; at < end; at++, from += 3, to += 3) {
        const above = lines[at] as number;
        const level = (above << 8) + ((lines[at + lower] as number) - above) * weight;
        const step = ((level + (1 << 19)) >> 20) * 3;
        into[to] = ((picture[from] as number) * under + (shades[step] as number)) >> 16;
        into[to + 1] = ((picture[from + 1] as number) * under + (shades[step + 1] as number)) >> 16;
        into[to + 2] = ((picture[from + 2] as number) * under + (shades[step + 2] as number)) >> 16;
      }
    }
  }

  /** Each row of the map between its columns. */
  #widen(map: HeatPlane): void {
    const { low, high, part } = this.#columns(map.width);
    const { width } = this.#part;
    if (this.#lines.length !== width * map.height) this.#lines = new Int32Array(width * map.height);
    for (let y = 0, at = 0; y < map.height; y++) {
      const row = map.values.subarray(y * map.width, (y + 1) * map.width);
      for (let x = 0; x < width; x++, at++) {
        const a = row[low[x] as number] as number;
        const value = a + ((row[high[x] as number] as number) - a) * (part[x] as number);
        this.#lines[at] = Math.round(Math.max(0, Math.min(1, value)) * 255 * 4096);
      }
    }
  }

  #columns(count: number) {
    if (this.#across?.of === count) return this.#across;
    const { width } = this.#part;
    const places = Array.from({ length: width }, (_, x) => placeBetween(x, width, count));
    this.#across = {
      low: Int32Array.from(places, ({ low }) => low),
      high: Int32Array.from(places, ({ high }) => high),
      part: Float32Array.from(places, ({ part }) => part),
      of: count,
    };
    return this.#across;
  }
}

/** Lays a stamp on a picture; what reaches beyond it is left off. */
export function stamp(
  into: Uint8Array,
  size: FrameSize,
  { width, height, keep, add }: Stamp,
  left: number,
  top: number,
) {
  const across = Math.min(width, size.width - left);
  for (let y = Math.max(0, -top); y < height && top + y < size.height; y++) {
    let to = ((top + y) * size.width + left) * 3;
    let at = y * width;
    for (let x = 0; x < across; x++, at++) {
      const kept = keep[at] as number;
      for (let c = 0; c < 3; c++, to++) {
        into[to] = (((into[to] as number) * kept + 127) >> 8) + (add[at * 3 + c] as number);
      }
    }
  }
}
