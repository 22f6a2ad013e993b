import Fluent from 'fluent-ffmpeg';
import { AppError } from '#contract/failures.ts';
import type { Tools } from './tools.ts';

/**
 * Command lines. fluent-ffmpeg builds them and does nothing else: it is no longer maintained, and processes that it starts
 * hang where pipes carry raw frames. No other module knows it.
 */

/** Demuxers of films (and of sounds and pictures, to say what they are); none that opens other files or the network. */
const formats = [
  ...['mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2', 'matroska', 'webm', 'avi', 'mpegts', 'mpeg', 'mpegvideo', 'flv', 'asf'],
  ...[
    'ogg',
    'gif',
    'apng',
    'webp',
    'rm',
    'wtv',
    'mxf',
    'gxf',
    'nut',
    'dv',
    'ivf',
    'h264',
    'hevc',
    'av1',
    'obu',
    'vc1',
    'm4v',
  ],
  ...[
    'yuv4mpegpipe',
    'h263',
    'h261',
    'mjpeg',
    'dirac',
    'nsv',
    'smk',
    'bink',
    'fli',
    'flic',
    'swf',
    'roq',
    'film_cpk',
    'mxf_opatom',
  ],
  ...['mp3', 'wav', 'flac', 'aac', 'ac3', 'eac3', 'aiff', 'au', 'caf', 'amr', 'ape', 'wv', 'tta', 'dts', 'w64'],
].join(',');

/** A film's path as ffmpeg takes it: as nothing but a file, whatever its name looks like. */
export const asFile = (path: string) => `file:${path}`;

/** What goes before `-i` of a file that a person gave. */
const careful = ['-protocol_whitelist file,pipe', '-format_whitelist', formats];

/** ffmpeg's own words: each line with its level, no banner, no questions. */
const quiet = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'];

export interface Asking {
  readonly path: string;
  /** `format`, `streams`, `packets`, `frames`. */
  readonly show: readonly string[];
  /** Of one stream, by its index. */
  readonly stream?: number;
  /** `format=start_time:stream=index`; absent = everything. */
  readonly entries?: string;
  /** Packets or frames from the beginning, no more. */
  readonly most?: number;
  readonly form?: 'json' | 'csv=p=0';
}

/** ffprobe's; fluent-ffmpeg builds none for it. */
export function probeArguments({ path, show, stream, entries, most, form = 'json' }: Asking): string[] {
  return [
    ...['-hide_banner', '-v', 'error', '-protocol_whitelist', 'file,pipe', '-format_whitelist', formats],
    ...show.map((each) => `-show_${each}`),
    ...(stream === undefined ? [] : ['-select_streams', String(stream)]),
    ...(entries === undefined ? [] : ['-show_entries', entries]),
    ...(most === undefined ? [] : ['-read_intervals', `%+#${most}`]),
    ...['-of', form, '-i', asFile(path)],
  ];
}

export interface ReadingWords {
  readonly path: string;
  readonly stream: number;
  readonly filters: readonly string[];
  /** Seconds from the file's beginning from which decoding may begin; frames before are dropped by ffmpeg. */
  readonly seek: number | null;
}

/** Decoded frames as raw RGB on stdout, their time stamps on stderr, as the file has them. */
export function readArguments({ path, stream, filters, seek }: ReadingWords, tools: Tools): string[] {
  const command = Fluent()
    .input(asFile(path))
    .inputOptions([...careful, ...(seek === null ? [] : [`-ss ${seek.toFixed(6)}`]), '-copyts'])
    .noAudio()
    .videoFilters([...filters])
    .outputOptions([`-map 0:${stream}`, '-sn', '-dn', ...everyFrame(tools), '-pix_fmt rgb24', '-c:v rawvideo'])
    .format('rawvideo')
    .output('pipe:1');
  return [...quiet, ...argumentsOf(command)];
}

export interface WritingWords {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Null: Matroska comes in, with stamps; a fraction such as `30000/1001`: raw frames at this rate. */
  readonly rate: string | null;
  readonly quality: number;
  readonly encoder: string;
  readonly sound: SoundWords | null;
}

export interface SoundWords {
  readonly path: string;
  readonly stream: number;
  /** Seconds by which the sound moves against the pictures. */
  readonly offset: number;
  /** Seconds of the file's clock that are taken; null = all. */
  readonly part: { readonly from: number; readonly length: number | null } | null;
  readonly copied: boolean;
}

/** Frames from stdin, sound from a file, H.264 in MP4. */
export function writeArguments(words: WritingWords, tools: Tools): string[] {
  const { path, width, height, rate, quality, encoder, sound } = words;
  const raw = ['-f rawvideo', '-pix_fmt rgb24', `-video_size ${width}x${height}`, `-framerate ${rate}`];
  // Nothing is to be found out of the first frames: they would be held back.
  const stamped = ['-f matroska', '-probesize 32', '-analyzeduration 0'];
  const command = Fluent()
    .input('pipe:0')
    .inputOptions([...(rate === null ? stamped : raw), '-protocol_whitelist file,pipe'])
    .videoCodec(encoder)
    .videoFilters(toYuv(width, height))
    .outputOptions([
      ...['-map 0:v:0', '-map_metadata -1', '-map_chapters -1', '-sn', '-dn'],
      ...(rate === null ? [...everyFrame(tools), '-enc_time_base 1:90000'] : []),
      ...['-video_track_timescale 90000', '-pix_fmt yuv420p', ...quality264(encoder, quality)],
      ...['-colorspace bt709', '-color_primaries bt709', '-color_trc bt709', '-color_range tv'],
      '-movflags +faststart',
    ])
    .format('mp4')
    .output(asFile(path));
  if (sound) addSound(command, sound);
  else command.noAudio();
  return [...quiet, '-y', ...argumentsOf(command)];
}

function addSound(command: Fluent.FfmpegCommand, { path, stream, offset, part, copied }: SoundWords): void {
  const from = part
    ? [`-ss ${part.from.toFixed(6)}`, ...(part.length === null ? [] : [`-t ${part.length.toFixed(6)}`])]
    : [];
  const moved = offset === 0 ? [] : [`-itsoffset ${offset.toFixed(6)}`];
  command
    .input(asFile(path))
    .inputOptions([...careful, ...from, ...moved])
    .outputOptions([`-map 1:${stream}`]);
  if (copied) command.audioCodec('copy');
  // Silence before and in gaps is written out: players differ in how they take late beginnings.
  else command.audioCodec('aac').audioBitrate('192k').audioFilters('aresample=async=1:first_pts=0');
}

/** In BT.709 whatever the size, as the file says; one column or row is repeated where 4:2:0 needs an even size. */
function toYuv(width: number, height: number): string[] {
  const [right, bottom] = [width % 2, height % 2];
  const even = `pad=${width + right}:${height + bottom}:0:0,fillborders=right=${right}:bottom=${bottom}:mode=smear`;
  return [
    ...(right + bottom > 0 ? [even] : []),
    'scale=out_color_matrix=bt709:out_range=tv:flags=bicubic',
    'format=yuv420p',
  ];
}

/** Only x264 knows a constant rate factor; the others get about as many bits as it would use. */
function quality264(encoder: string, quality: number): string[] {
  if (encoder === 'libx264') return ['-preset veryfast', `-crf ${quality}`];
  return [`-b:v ${Math.round(8000 * 2 ** ((20 - quality) / 6))}k`];
}

/** Frames pass as they come, none repeated or left out to make a rate even. */
function everyFrame({ library }: Tools): string[] {
  return library >= 57 ? ['-fps_mode passthrough'] : ['-vsync 0'];
}

/** `30000/1001` of 29.97, `25/1` of 25. */
export function fraction(rate: number): string {
  const ntsc = Math.round((rate * 1001) / 1000);
  if (Math.abs(rate - Math.round(rate)) < 1e-6) return `${Math.round(rate)}/1`;
  if (Math.abs(rate - (ntsc * 1000) / 1001) < 0.005) return `${ntsc * 1000}/1001`;
  return `${Math.round(rate * 1000)}/1000`;
}

/** As fluent-ffmpeg would start them; the method has no other name. */
function argumentsOf(command: Fluent.FfmpegCommand): string[] {
  const built = command as Fluent.FfmpegCommand & { _getArguments?: () => unknown };
  const words = built._getArguments?.();
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new AppError('internal', 'fluent-ffmpeg built no arguments.', { reason: 'fluent-ffmpeg built no arguments' });
}
