import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { blue, ffmpeg, green, quarters, red, tone, white, type Colour } from './made-films.ts';
import { turn } from './turned-film.ts';

/** What must come of a film: its frames, or the code of the one sentence that it gets. */
export interface Expected {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** In the middles of the quarters: top left, top right, bottom left, bottom right. */
  readonly quarters: readonly [Colour, Colour, Colour, Colour];
  /** Of the last frame, where it differs from the first. */
  readonly last?: Expected['quarters'];
  readonly rotation?: number;
  /** By how much a colour may differ: films in 4:2:0 are not exact. */
  readonly slack?: number;
  readonly notes: readonly string[];
  /** Seconds of the first frames; absent = 25 a second. */
  readonly times?: readonly number[];
  /** What the page is told of the number of frames; null = not known before. */
  readonly told: number | null;
  readonly damaged?: boolean;
}

export interface OddFilm {
  readonly name: string;
  /** Within the folder. @returns its path, if it is not `folder/name` */
  make(folder: string, name: string): Promise<string | void>;
  readonly expected: Expected | { readonly probing: string } | { readonly reading: string };
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-pix_fmt', 'yuv420p', '-bf', '2', '-g', '10'];
const bt601 = ['-vf', 'scale=out_color_matrix=bt601:out_range=tv'];
const bt709 = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-colorspace', 'bt709', '-color_range', 'tv'];
const plain =
  (...more: string[]) =>
  async (folder: string, name: string) =>
    ffmpeg(...quarters(), ...bt601, ...x264, ...more, join(folder, name));

const upright: Expected['quarters'] = [red, green, blue, white];
const usual = { frames: 25, width: 64, height: 48, quarters: upright, told: 25, notes: ['no-sound'] } as const;

/** @param degrees clockwise */
const rotated = (degrees: number) => async (folder: string, name: string) => {
  const path = join(folder, name);
  await ffmpeg(...quarters(), ...bt601, ...x264, path);
  await turn(path, degrees);
};

/** 4:2:0 in ten bits, with the marks of HDR; `grey` is the code value over its maximum. */
const hdr = (transfer: string, grey: number) => async (folder: string, name: string) => {
  const level = Math.round(64 + 876 * grey);
  const source = `color=c=gray:s=64x48:r=25:d=1,format=yuv420p10le,geq=lum=${level}:cb=512:cr=512`;
  const marks = ['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', transfer, '-color_range', 'tv'];
  const code = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-pix_fmt', 'yuv420p10le', ...marks];
  await ffmpeg('-f', 'lavfi', '-i', source, ...code, join(folder, name));
};
const grey = (level: number): Expected['quarters'] => {
  const colour: Colour = [level, level, level];
  return [colour, colour, colour, colour];
};

const cut =
  (part: number, ...words: string[]) =>
  async (folder: string, name: string) => {
    const path = join(folder, name);
    await ffmpeg(...noisy, ...x264, ...words, path);
    await truncate(path, Math.floor((await readFile(path)).length * part));
  };
/** Enough bytes a frame that a cut falls into the pictures. */
const noisy = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=2,noise=alls=40:allf=t'];

const text = (content: string) => async (folder: string, name: string) => writeFile(join(folder, name), content);

export const oddFilms: readonly OddFilm[] = [
  { name: 'plain.mp4', make: plain(), expected: usual },
  {
    name: 'bt709.mp4',
    make: async (folder, name) => ffmpeg(...quarters(), ...bt709, ...x264, join(folder, name)),
    expected: usual,
  },
  {
    name: 'large-unmarked.mp4',
    make: async (folder, name) =>
      ffmpeg(...quarters(1280, 720, 3), ...bt709.slice(0, 2), ...x264, '-colorspace', 'unknown', join(folder, name)),
    expected: { ...usual, frames: 3, told: 3, width: 1280, height: 720 },
  },
  {
    name: 'rotated-90.mp4',
    make: rotated(90),
    expected: {
      ...usual,
      width: 48,
      height: 64,
      quarters: [blue, red, white, green],
      rotation: 90,
      notes: ['rotated', 'no-sound'],
    },
  },
  {
    name: 'rotated-180.mp4',
    make: rotated(180),
    expected: { ...usual, quarters: [white, blue, green, red], rotation: 180, notes: ['rotated', 'no-sound'] },
  },
  {
    name: 'rotated-270.mp4',
    make: rotated(270),
    expected: {
      ...usual,
      width: 48,
      height: 64,
      quarters: [green, white, red, blue],
      rotation: 270,
      notes: ['rotated', 'no-sound'],
    },
  },
  {
    name: 'variable-rate.mp4',
    make: async (folder, name) => {
      const uneven = `select='not(mod(n\\,3))+not(mod(n\\,7))',scale=out_color_matrix=bt601:out_range=tv`;
      const stamps = ['-vsync', '0', '-enc_time_base', '1:90000'];
      await ffmpeg(...quarters(64, 48, 22), '-vf', uneven, ...stamps, ...x264, join(folder, name));
    },
    expected: {
      ...{ ...usual, frames: 10, told: 10, notes: ['variable-rate', 'no-sound'] },
      times: [0, 3, 6, 7, 9, 12, 14, 15, 18, 21].map((n) => n / 25),
    },
  },
  {
    name: 'ntsc.mkv',
    make: async (folder, name) =>
      ffmpeg(
        ...quarters(64, 48, 25, 'setpts=N/(30000/1001)/TB'),
        '-r',
        '30000/1001',
        ...bt601,
        ...x264,
        join(folder, name),
      ),
    expected: { ...usual, told: null, times: Array.from({ length: 25 }, (_, n) => Math.round((n * 1001) / 30) / 1000) },
  },
  {
    name: 'late-beginning.mp4',
    make: async (folder, name) =>
      ffmpeg(
        ...tone(1.5),
        '-itsoffset',
        '0.3',
        ...quarters(),
        ...bt601,
        ...x264,
        '-vsync',
        '0',
        '-c:a',
        'aac',
        join(folder, name),
      ),
    expected: { ...usual, notes: [] },
  },
  {
    name: 'odd-sized.mkv',
    make: async (folder, name) =>
      ffmpeg(...quarters(63, 47), ...bt601, '-c:v', 'ffv1', '-pix_fmt', 'yuv444p', join(folder, name)),
    expected: { ...usual, width: 63, height: 47, told: null, notes: ['odd-size', 'no-sound'] },
  },
  {
    name: 'ten-bit.mp4',
    make: async (folder, name) => {
      const code = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-pix_fmt', 'yuv420p10le'];
      await ffmpeg(...quarters(), ...bt601, ...code, join(folder, name));
    },
    expected: { ...usual, notes: ['ten-bit', 'no-sound'] },
  },
  // 58 % of PQ's range is 203 cd/m², 75 % of HLG's too: the white of diffuse paper (ITU-R BT.2408), far above 147 and 191.
  {
    name: 'hdr-pq.mp4',
    make: hdr('smpte2084', 0.58),
    expected: { ...usual, quarters: grey(205), slack: 40, notes: ['ten-bit', 'hdr', 'no-sound'] },
  },
  {
    name: 'hdr-hlg.mp4',
    make: hdr('arib-std-b67', 0.75),
    expected: { ...usual, quarters: grey(215), slack: 40, notes: ['ten-bit', 'hdr', 'no-sound'] },
  },
  {
    name: 'interlaced.mp4',
    make: async (folder, name) => {
      const weave = ['-vf', 'scale=out_color_matrix=bt601:out_range=tv,setfield=tff'];
      await ffmpeg(...quarters(), ...weave, ...x264, '-flags', '+ilme+ildct', '-x264opts', 'tff=1', join(folder, name));
    },
    expected: { ...usual, notes: ['interlaced', 'no-sound'] },
  },
  {
    name: 'anamorphic.mp4',
    make: async (folder, name) => ffmpeg(...quarters(), '-vf', `${bt601[1]},setsar=16/12`, ...x264, join(folder, name)),
    expected: { ...usual, width: 85, notes: ['anamorphic', 'no-sound'] },
  },
  {
    name: 'several-tracks.mkv',
    make: async (folder, name) => {
      const other = ['-f', 'lavfi', '-i', 'color=c=black:s=32x32:r=25:d=1'];
      const maps = ['-map', '0:v', '-map', '1:v', '-map', '2:a', '-map', '3:a'];
      const inputs = [...quarters(), ...other, ...tone(1), ...tone(1)];
      await ffmpeg(...inputs, ...maps, '-filter:v:0', bt601[1] ?? '', ...x264, '-c:a', 'aac', join(folder, name));
    },
    expected: { ...usual, told: null, notes: ['several-tracks'] },
  },
  {
    name: 'cover-first.mp4',
    make: async (folder, name) => {
      const cover = join(folder, 'cover.png');
      await sharp({ create: { width: 200, height: 200, channels: 3, background: '#000' } })
        .png()
        .toFile(cover);
      const maps = ['-map', '1:v', '-map', '0:v', '-disposition:v:0', 'attached_pic', '-c:v:0', 'copy'];
      const codes = ['-c:v:1', 'libx264', '-pix_fmt:v:1', 'yuv420p', '-crf', '12', '-filter:v:1', bt601[1] ?? ''];
      await ffmpeg(...quarters(), '-i', cover, ...maps, ...codes, join(folder, name));
    },
    expected: usual,
  },
  {
    name: 'data-stream.mov',
    make: async (folder, name) => {
      const codes = [...bt601, ...x264, '-write_tmcd', '1', '-timecode', '01:00:00:00'];
      await ffmpeg(...quarters(), ...codes, join(folder, name));
    },
    expected: { ...usual, notes: ['data-streams', 'no-sound'] },
  },
  { name: 'matroska.mkv', make: plain(), expected: { ...usual, told: null } },
  { name: 'transport.ts', make: plain(), expected: { ...usual, told: null } },
  { name: 'old.avi', make: plain('-bf', '0'), expected: usual },
  {
    name: 'web.webm',
    make: async (folder, name) =>
      ffmpeg(
        ...quarters(),
        ...bt601,
        '-c:v',
        'libvpx-vp9',
        '-crf',
        '8',
        '-b:v',
        '0',
        '-pix_fmt',
        'yuv420p',
        join(folder, name),
      ),
    expected: { ...usual, told: null },
  },
  {
    name: 'moving.gif',
    make: async (folder, name) => ffmpeg(...quarters(), join(folder, name)),
    expected: { ...usual, slack: 30 },
  },
  { name: "it's [a] %d film; $HOME 漢字 #1.mp4", make: plain(), expected: usual },
  {
    name: 'pictures',
    make: async (folder, name) => {
      await mkdir(join(folder, name));
      for (const number of [1, 2, 10, 3]) {
        const [r = 0, g = 0, b = 0] = number === 10 ? blue : red;
        const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: { r, g, b } } });
        await picture.png().toFile(join(folder, name, `${number}.png`));
      }
      await writeFile(join(folder, name, 'notes.txt'), 'not a picture');
    },
    expected: { ...usual, frames: 4, told: 4, quarters: [red, red, red, red], last: [blue, blue, blue, blue] },
  },
  {
    name: 'shot-001.jpg',
    make: async (folder, name) => {
      await mkdir(join(folder, 'row'));
      for (const number of ['001', '002', '003']) {
        const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#0000ff' } });
        await picture.jpeg({ quality: 100 }).toFile(join(folder, 'row', `shot-${number}.jpg`));
      }
      await writeFile(join(folder, 'row', 'other-001.jpg'), '');
      return join(folder, 'row', name);
    },
    expected: { ...usual, frames: 3, told: 3, quarters: [blue, blue, blue, blue] },
  },
  { name: 'cut.mp4', make: cut(0.6, '-movflags', '+faststart'), expected: { reading: 'film/cut-short' } },
  { name: 'cut-a-little.mp4', make: cut(0.97, '-movflags', '+faststart'), expected: { reading: 'film/cut-short' } },
  { name: 'cut.ts', make: cut(0.503), expected: { reading: 'film/cut-short' } },
  {
    name: 'cut-between-packets.ts',
    make: async (folder, name) => {
      await cut(1)(folder, name);
      const path = join(folder, name);
      await truncate(path, 188 * Math.floor((await readFile(path)).length / 2 / 188));
    },
    expected: { reading: 'film/cut-short' },
  },
  {
    name: 'cut-with-sound.mkv',
    make: async (folder, name) => {
      const path = join(folder, name);
      await ffmpeg(...noisy, ...tone(2), ...x264, '-c:a', 'aac', path);
      await truncate(path, Math.floor((await readFile(path)).length * 0.6));
    },
    expected: { reading: 'film/cut-short' },
  },
  { name: 'cut.mkv', make: cut(0.6), expected: { reading: 'film/cut-short' } },
  { name: 'cut.avi', make: cut(0.6, '-bf', '0'), expected: { reading: 'film/cut-short' } },
  { name: 'no-index.mp4', make: cut(0.6), expected: { probing: 'film/unreadable' } },
  {
    name: 'flipped-bytes.mp4',
    make: async (folder, name) => {
      const path = join(folder, name);
      await ffmpeg(...noisy, ...x264, '-movflags', '+faststart', path);
      const bytes = await readFile(path);
      // In the pictures, past the index: every 997th byte of the second half.
      for (let at = bytes.length >> 1; at < bytes.length - 2000; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      await writeFile(path, bytes);
    },
    expected: { ...usual, frames: 50, told: 50, quarters: grey(128), slack: 255, damaged: true },
  },
  { name: 'empty.mp4', make: text(''), expected: { probing: 'film/empty' } },
  {
    name: 'letter.mp4',
    make: text('Dear all, this is no film.\n'.repeat(50)),
    expected: { probing: 'film/unreadable' },
  },
  { name: 'zeros.mp4', make: text('\0'.repeat(5000)), expected: { probing: 'film/unreadable' } },
  {
    name: 'song.mp4',
    make: async (folder, name) => ffmpeg(...tone(1), '-c:a', 'aac', join(folder, name)),
    expected: { probing: 'film/no-picture' },
  },
  {
    name: 'song.mp3',
    make: async (folder, name) => ffmpeg(...tone(1), '-c:a', 'libmp3lame', join(folder, name)),
    expected: { probing: 'film/no-picture' },
  },
  {
    name: 'photo.jpg',
    make: async (folder, name) => {
      const photo = sharp({ create: { width: 64, height: 48, channels: 3, background: '#0000ff' } });
      await photo.jpeg().toFile(join(folder, name));
    },
    expected: { probing: 'film/no-picture' },
  },
  {
    name: 'subtitles.srt',
    make: text('1\n00:00:01,000 --> 00:00:02,000\nHello\n'),
    expected: { probing: 'film/unreadable' },
  },
  { name: 'list.m3u8', make: text('#EXTM3U\n#EXTINF:1,\n/etc/passwd\n'), expected: { probing: 'film/refused' } },
  { name: 'list.mp4', make: text('#EXTM3U\n#EXTINF:1,\nplain.mp4\n'), expected: { probing: 'film/refused' } },
  { name: 'list.txt', make: text("ffconcat version 1.0\nfile 'plain.mp4'\n"), expected: { probing: 'film/refused' } },
  { name: 'names.mp4', make: text("file 'plain.mp4'\n"), expected: { probing: 'film/refused' } },
  { name: 'stream.mp4', make: text('v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\n'), expected: { probing: 'film/refused' } },
  {
    name: 'dash.mp4',
    make: text('<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'),
    expected: { probing: 'film/refused' },
  },
  { name: 'concat:plain.mp4', make: async () => 'concat:plain.mp4', expected: { probing: 'film/refused' } },
  { name: 'http', make: async () => 'http://127.0.0.1:1/a.mp4', expected: { probing: 'film/refused' } },
  { name: 'gone.mp4', make: async () => undefined, expected: { probing: 'file/missing' } },
  {
    name: 'no-pictures',
    make: async (folder, name) => void (await mkdir(join(folder, name))),
    expected: { probing: 'film/empty' },
  },
];
