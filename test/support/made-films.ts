import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTools } from '#engine/video/ffmpeg/tools.ts';

const run = promisify(execFile);

/** RGB, 0…255. */
export type Colour = readonly [number, number, number];
export const red: Colour = [255, 0, 0];
export const green: Colour = [0, 255, 0];
export const blue: Colour = [0, 0, 255];
export const white: Colour = [255, 255, 255];

/** Runs the ffmpeg that the app itself would use. */
export async function ffmpeg(...words: string[]): Promise<void> {
  const tools = await findTools();
  await run(tools.ffmpeg, ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...words]);
}

/** Four quarters: red, green above; blue, white below. @param frames at 25 a second */
export function quarters(width = 64, height = 48, frames = 25, extra = ''): string[] {
  const [half, low] = [width >> 1, height >> 1];
  const part = (colour: string, w: number, h: number, label: string) =>
    `color=c=${colour}:s=${w}x${h}:r=25:d=${frames / 25},format=gbrp[${label}]`;
  const graph = [
    part('0xff0000', half, low, 'a'),
    part('0x00ff00', width - half, low, 'b'),
    part('0x0000ff', half, height - low, 'c'),
    part('0xffffff', width - half, height - low, 'd'),
    '[a][b]hstack[t];[c][d]hstack[u];[t][u]vstack',
  ].join(';');
  return ['-f', 'lavfi', '-i', `${graph}${extra === '' ? '' : `,${extra}`}`];
}

/** A tone whose beginning is heard. */
export const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=f=440:r=48000:d=${seconds}`];
