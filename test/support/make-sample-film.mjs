// Makes assets/films/cat-and-astronaut.mp4 from the free photos in assets/photos: a slow pan over the cat, a cross-fade,
// a slow zoom onto the astronaut. Needs ffmpeg with libx264. Frames are cut here, so that sizes and moves are exact.
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const file = join(root, 'assets', 'films', 'cat-and-astronaut.mp4');
const width = 432;
const height = 288;
const rate = 25;
const seconds = 5;
/** Where the two photos are mixed, in seconds. */
const fade = [2.2, 2.8];

/** Slow at both ends: 0…1 → 0…1. */
const eased = (part) => part * part * (3 - 2 * part);
const between = (from, to, part) => from + (to - from) * part;

/** Parts of a photo at the beginning and the end: left, top and width as parts of its width and height. */
const shots = [
  { photo: 'chelsea.jpg', from: [0.0, 0.03, 0.82], to: [0.2, 0.02, 0.8], begin: 0, end: fade[1] },
  { photo: 'astronaut.jpg', from: [0.0, 0.0, 1], to: [0.12, 0.03, 0.62], begin: fade[0], end: seconds },
];
/** Enlarged first: a pan by whole pixels of the small photo would tremble. */
const larger = 4;

async function prepared({ photo, ...shot }) {
  const source = sharp(join(root, 'assets', 'photos', photo));
  const { width: photoWidth } = await source.metadata();
  const { data, info } = await source
    .resize(photoWidth * larger, null, { kernel: 'lanczos3' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...shot, data, info };
}

function frameOf({ data, info, from, to, begin, end }, second) {
  const part = eased(Math.min(1, Math.max(0, (second - begin) / (end - begin))));
  const [left, top, share] = from.map((value, at) => between(value, to[at], part));
  const cutWidth = Math.round(info.width * share);
  const cutHeight = Math.min(info.height, Math.round((cutWidth * height) / width));
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .extract({
      left: Math.round(info.width * left),
      top: Math.min(info.height - cutHeight, Math.round(info.height * top)),
      width: Math.min(cutWidth, info.width - Math.round(info.width * left)),
      height: cutHeight,
    })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
}

function mixed(first, second, part) {
  return Buffer.from(first.map((level, at) => Math.round(between(level, second[at], part))));
}

await mkdir(dirname(file), { recursive: true });
const encoder = spawn(
  'ffmpeg',
  [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pixel_format', 'rgb24'],
    ...['-video_size', `${width}x${height}`, '-framerate', String(rate), '-i', 'pipe:0'],
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-colorspace', 'bt709', '-color_primaries', 'bt709'],
    ...['-color_trc', 'bt709', '-c:v', 'libx264', '-preset', 'veryslow', '-crf', '24', '-pix_fmt', 'yuv420p'],
    ...['-threads', '1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-movflags', '+faststart', file],
  ],
  { stdio: ['pipe', 'inherit', 'inherit'] },
);
const ended = once(encoder, 'exit');
const [cat, astronaut] = await Promise.all(shots.map(prepared));
for (let frame = 0; frame < seconds * rate; frame++) {
  const second = frame / rate;
  const part = (second - fade[0]) / (fade[1] - fade[0]);
  const picture =
    part <= 0
      ? await frameOf(cat, second)
      : part >= 1
        ? await frameOf(astronaut, second)
        : mixed(await frameOf(cat, second), await frameOf(astronaut, second), part);
  if (!encoder.stdin.write(picture)) await once(encoder.stdin, 'drain');
}
encoder.stdin.end();
const [code] = await ended;
if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
