import { heatStep, heatTable, type HeatColours } from '#contract/heat-colours.ts';
import { LeastRecent } from '#engine/data/least-recent.ts';
import type { FrameSize } from '../stages.ts';
import { Letters, type Mask } from './letters.ts';
import { barRoom } from './sizes.ts';

/** A small picture to be laid on frames: what is kept of them (0…256, of 256), and what is added, RGB. */
export interface Stamp {
  readonly width: number;
  readonly height: number;
  /** [height, width] */
  readonly keep: Uint16Array;
  /** [height, width, 3]; with what is kept at most 255 */
  readonly add: Uint8Array;
}

/** How much of the picture is left behind words. */
const behind = 0.32;
const kept = 256;

/** px of a letter's body. */
const letters = ({ height }: FrameSize) => Math.max(13, Math.min(44, Math.round(height / 17)));

/**
 * Class and probability as they are written into frames: white on a dark strip at the lower left. Names and numbers are
 * drawn apart and once each, as drawing words takes longer than composing a frame.
 */
export class Labels {
  readonly #view: FrameSize;
  readonly #size: number;
  readonly #pad: number;
  readonly #letters: Letters;
  readonly #names = new LeastRecent<Promise<Mask>>(kept);
  readonly #drawn = new LeastRecent<Promise<Stamp>>(kept);

  constructor(view: FrameSize) {
    this.#view = view;
    this.#size = letters(view);
    this.#pad = Math.round(this.#size * 0.45);
    this.#letters = new Letters(this.#size);
  }

  /** Names that are too long end in an ellipsis; the probability is always there. @param probability 0…1 */
  of(name: string, probability: number): Promise<Stamp> {
    const percent = Math.round(probability * 100);
    const key = `${percent} ${name}`;
    const known = this.#drawn.get(key) ?? this.#draw(name, percent);
    this.#drawn.set(key, known);
    return known;
  }

  async #draw(name: string, percent: number): Promise<Stamp> {
    const named = this.#names.get(name) ?? this.#name(name);
    this.#names.set(name, named);
    return this.#strip(await named, await this.#letters.percent(percent));
  }

  /** Cut so that the longest number fits beside it. */
  async #name(name: string): Promise<Mask> {
    const most = Math.max(1, this.#view.width - 3 * this.#pad - this.#size * 3);
    let text = await this.#letters.words(name);
    const signs = [...name];
    for (let length = signs.length; text.width > most && length > 1;) {
      length = Math.max(1, Math.min(length - 1, Math.floor((length * most) / text.width)));
      text = await this.#letters.words(`${signs.slice(0, length).join('').trimEnd()}…`);
    }
    return text;
  }

  /** All strips are equally high, and words stand on one line in them, so that nothing jumps from frame to frame. */
  #strip(name: Mask, number: Mask): Stamp {
    const [pad, size, view] = [this.#pad, this.#size, this.#view];
    const after = name.width > 0 ? pad + name.width + Math.round(size * 0.6) : pad;
    const width = Math.min(view.width, after + number.width + pad);
    const height = Math.min(view.height, Math.round(size * 1.9));
    const stamp = { width, height, keep: new Uint16Array(width * height), add: new Uint8Array(width * height * 3) };
    stamp.keep.fill(Math.round(behind * 256));
    const line = Math.round(size * 1.3);
    lay(stamp, name, pad, line - name.line, behind);
    lay(stamp, number, after, line - number.line, behind);
    return stamp;
  }
}

/** White words. @param under what is kept where no ink is */
function lay({ width, height, keep, add }: Stamp, text: Mask, left: number, top: number, under: number): void {
  for (let y = Math.max(0, -top); y < text.height && top + y < height; y++) {
    for (let x = 0; x < text.width && left + x < width; x++) {
      const ink = (text.ink[y * text.width + x] ?? 0) / 255;
      const at = (top + y) * width + left + x;
      keep[at] = Math.floor(under * (1 - ink) * 256);
      add.fill(Math.floor(255 * ink), at * 3, at * 3 + 3);
    }
  }
}

/** The scale of colours from 1 above to 0 below, as high as a view. */
export async function barStamp(view: FrameSize, colours: HeatColours): Promise<Stamp> {
  const [width, { height }] = [barRoom(view), view];
  const stamp = {
    width,
    height,
    keep: new Uint16Array(width * height),
    add: new Uint8Array(width * height * 3).fill(16),
  };
  const size = Math.max(10, Math.min(20, Math.round(height / 22)));
  const [left, top] = [Math.round(width * 0.14), size];
  const strip = { width: Math.round(width * 0.24), height: Math.max(1, height - 2 * size) };
  const letters = new Letters(size);
  const table = heatTable(colours);
  for (let y = 0; y < strip.height; y++) {
    const step = heatStep(1 - (y + 0.5) / strip.height) * 3;
    for (let x = 0; x < strip.width; x++) {
      stamp.add.set(table.subarray(step, step + 3), ((top + y) * width + left + x) * 3);
    }
  }
  for (const value of [1, 0.75, 0.5, 0.25, 0]) {
    const text = await letters.words(value.toString());
    const y = Math.round(top + (1 - value) * strip.height - text.height / 2);
    lay(stamp, text, left + strip.width + Math.round(width * 0.1), Math.max(0, y), 0);
  }
  return stamp;
}
