import { expect, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { turn } from './turned-film.ts';

const run = promisify(execFile);

export interface NumberedFilm {
  readonly name: string;
  readonly frames: number;
  /** Degrees clockwise by which it lies otherwise in its file than it is to be shown. */
  readonly turned?: 0 | 90 | 180 | 270;
  readonly sound?: boolean;
}

/** Where a pixel of the file is shown across, 0…1, when it is upright. */
const across = { 0: 'X/W', 90: '(H-1-Y)/H', 180: '(W-1-X)/W', 270: 'Y/H' } as const;

/**
 * A film whose frames say their number: eight stripes beside each other, black or white, are its binary digits, the first
 * the lowest. Upright it is 320×240. @returns its path
 */
export async function numberedFilm(folder: string, { name, frames, turned = 0, sound }: NumberedFilm): Promise<string> {
  const path = join(folder, name);
  const seconds = frames / 25;
  const stripes = `geq=lum='16+219*mod(floor(N/pow(2,floor(8*${across[turned]}))),2)':cb=128:cr=128`;
  const size = turned % 180 === 90 ? '240x320' : '320x240';
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${size}:r=25:d=${seconds}`],
    ...(sound ? ['-f', 'lavfi', '-i', `sine=440:d=${seconds}`, '-c:a', 'aac', '-shortest'] : []),
    ...['-vf', `format=yuv420p,${stripes}`, '-c:v', 'libx264', '-bf', '2', '-g', '30', '-crf', '12', path],
  ]);
  if (turned !== 0) await turn(path, turned);
  return path;
}

export interface Views {
  /** As the player says it. */
  readonly frame: number;
  /** As the canvases show it, left to right. */
  readonly pictures: number[];
}

/** Both canvases and the player's word at the same moment. */
export async function views(page: Page): Promise<Views> {
  return page.evaluate(() => {
    const player = document.querySelector('[data-testid="film-player"]');
    const pictures = [...(player?.querySelectorAll<HTMLCanvasElement>('[data-testid="film-stage"] canvas') ?? [])];
    const place = player?.querySelector<HTMLElement>('[data-testid="film-time"]');
    const numberIn = (canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d');
      return Array.from({ length: 8 }, (_, digit) => {
        const x = Math.floor(((digit + 0.5) * canvas.width) / 8);
        const [red = 0, green = 0, blue = 0] = context?.getImageData(x, 2, 1, 1).data ?? [];
        return red + green + blue > 384 ? 2 ** digit : 0;
      }).reduce((sum, value) => sum + value, 0);
    };
    return { frame: Number(place?.dataset['frame']), pictures: pictures.map(numberIn) };
  });
}

export async function shows(page: Page, frame: number): Promise<void> {
  await expect.poll(() => views(page)).toEqual({ frame, pictures: [frame, frame] });
}
