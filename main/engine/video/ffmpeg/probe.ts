import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { FilmFacts, FilmNote } from '#contract/video.ts';
import { namedLikeAnImage } from '#engine/data/listing/image-names.ts';
import { findPictures } from './pictures.ts';
import { askFfprobe, packetsOf, probedFile, probedPictures, type ProbedFile, type ProbedStream } from './ffprobe.ts';
import { refuseLists } from './refused.ts';
import { findTools, type Tools } from './tools.ts';
import { evenness } from './evenness.ts';
import { longestSide } from './longest-side.ts';

/** Packets looked at: enough for a first frame to come out, and to see whether stamps are even. */
const firstPackets = 12;
const packetsForRate = 400;
/** Containers whose header says how long they are, made when they were whole. */
const promising = /mov|matroska|asf|flv|mxf|wtv|rm|nut/;

/** What reading and writing need besides what the page is told. */
export interface FilmDetails {
  readonly facts: FilmFacts;
  /** Index of the stream of pictures, and of the first of sound. */
  readonly stream: number;
  readonly soundStream: number | null;
  /** On the file's clock, seconds: of its first frame, and where its earliest stream begins. */
  readonly origin: number;
  readonly begins: number;
  /** Of MPEG transport streams. */
  readonly transport: { readonly pid: number } | null;
  /** An AVI. */
  readonly riff: boolean;
  readonly interlaced: boolean;
  readonly hdr: boolean;
  /** As the file says; undefined = unspecified. */
  readonly matrix: string | undefined;
  /** When the file's header says that its pictures end, or all of it, seconds on its own clock; null where it says nothing. */
  readonly promised: { readonly end: number; readonly of: 'stream' | 'file' } | null;
}

/** Details, and the file as it was when they were found. */
export interface KnownFilm {
  readonly path: string;
  readonly stamp: string;
  readonly details: FilmDetails;
}

const known = new Map<string, { stamp: string; details: Promise<FilmDetails> }>();

/** To be used in another thread, so that it need not look; null where there is no one file. Fails: as `probeFilm`. */
export async function knownFilm(path: string, signal: AbortSignal): Promise<KnownFilm | null> {
  if (await findPictures(path)) return null;
  const details = await filmDetails(path, signal);
  return { path, stamp: known.get(path)?.stamp ?? '', details };
}

/** What another thread found. */
export function useKnownFilm(found: KnownFilm | null): void {
  if (found) known.set(found.path, { stamp: found.stamp, details: Promise.resolve(found.details) });
}

/** Fails: `film/unreadable`, `film/refused`, `film/no-picture`, `film/empty`, `film/too-large`, `film/no-ffmpeg`, `file/…`. */
export async function probeFilm(path: string, signal: AbortSignal): Promise<FilmFacts> {
  const pictures = await findPictures(path);
  if (pictures) return pictures.facts();
  return (
    await filmDetails(path, signal).catch((thrown: unknown) => {
      // A photo, which is not let in as a film: that it does not move says more.
      const photo = namedLikeAnImage(basename(path)) && thrown instanceof AppError && thrown.code === 'film/unreadable';
      throw photo ? notMoving(path) : thrown;
    })
  ).facts;
}

/** Looked at once, and anew when the file has changed. */
export async function filmDetails(path: string, signal: AbortSignal): Promise<FilmDetails> {
  const found = await stat(path).catch(() => null);
  const stamp = `${found?.size} ${found?.mtimeMs}`;
  const before = known.get(path);
  if (before?.stamp === stamp) {
    const details = await before.details.catch(() => null); // Perhaps it was another's signal that ended it.
    if (details) return details;
  }
  const details = examine(path, signal);
  known.set(path, { stamp, details });
  details.catch(() => known.delete(path));
  if (known.size > 100) known.delete(known.keys().next().value ?? '');
  return details;
}

async function examine(path: string, signal: AbortSignal): Promise<FilmDetails> {
  await refuseLists(path);
  const tools = await findTools();
  const file = await askFfprobe(probedFile, { path, show: ['format', 'streams'] }, tools, signal);
  const stream = pictureStream(file, path);
  const [{ frames }, packets] = await Promise.all([
    askFfprobe(probedPictures, { path, show: ['frames'], stream: stream.index, most: firstPackets }, tools, signal),
    packetsOf(path, stream.index, tools, signal, packetsForRate),
  ]);
  const [first] = frames;
  if (!first) throw new AppError('film/empty', `${path} holds no frame that can be decoded.`, { file: path });
  const times = frames.flatMap((each) => each.best_effort_timestamp_time ?? each.pts_time ?? each.pkt_pts_time ?? []);
  const interlaced = ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? '') || first.interlaced_frame === 1;
  const transfer = stream.color_transfer ?? first.color_transfer;
  const hdr = transfer === 'smpte2084' || transfer === 'arib-std-b67';
  const sounds = file.streams.filter((each) => each.codec_type === 'audio' && each.codec_name !== undefined);
  const even = evenness(packets, stream);
  const size = uprightSize(stream, path);
  const origin = times.length > 0 ? Math.min(...times) : (stream.start_time ?? 0);
  const begins = file.format?.start_time ?? 0;
  const end = endOf(file, stream, origin, begins);
  const notes = notesOf({
    ...{ file, stream, sounds, size, interlaced, hdr, tools, transfer },
    variable: even.variable,
  });
  const seconds = end && Math.max(0, end.end - origin);
  return {
    facts: {
      ...{ kind: 'film', width: size.width, height: size.height, rate: even.rate, variable: even.variable },
      frames: stream.nb_frames || Number(tagOf(stream, 'NUMBER_OF_FRAMES')) || null,
      seconds,
      codec: stream.codec_name ?? 'unknown',
      pixelFormat: stream.pix_fmt ?? first.pix_fmt ?? 'unknown',
      rotation: size.rotation,
      sound: sounds.map(({ codec_name: codec = '', channels = 0, sample_rate: rate = 0 }) => ({
        codec,
        channels,
        rate,
      })),
      notes: seconds === null ? [...notes, { kind: 'duration-unknown', details: {} }] : notes,
    },
    stream: stream.index,
    soundStream: sounds[0]?.index ?? null,
    ...{ origin, begins, interlaced, hdr, matrix: stream.color_space },
    promised:
      promisedEnd(file, stream, origin, even.rate) ?? (promising.test(file.format?.format_name ?? '') ? end : null),
    riff: file.format?.format_name === 'avi',
    transport: file.format?.format_name === 'mpegts' ? { pid: Number(stream.id) } : null,
  };
}

/** Not a cover, which is a picture attached to sound. Fails: `film/no-picture`, `film/too-large`. */
function pictureStream({ streams }: ProbedFile, path: string): ProbedStream {
  const moving = streams.filter((each) => each.codec_type === 'video' && each.disposition.attached_pic !== 1);
  const [first] = moving.filter(({ width, height }) => (width ?? 0) > 0 && (height ?? 0) > 0);
  if (first) return first;
  throw notMoving(path);
}

const notMoving = (file: string) => new AppError('film/no-picture', `${file} holds no moving picture.`, { file });

interface Upright {
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
  readonly stretched: boolean;
}

/** As it is looked at: pixels made square by making the picture wider or narrower, then turned. Fails: `film/too-large`. */
function uprightSize(
  { width = 0, height = 0, sample_aspect_ratio: ratio, ...stream }: ProbedStream,
  path: string,
): Upright {
  const [across = 1, down = 1] = (ratio ?? '1:1').split(':').map(Number);
  const shape = across > 0 && down > 0 ? across / down : 1;
  const square = Math.max(1, Math.round(width * shape));
  // Counter-clockwise in the display matrix; older files and ffprobes say it clockwise, in a tag.
  const turned = stream.side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation;
  const asked = turned === undefined ? Number(tagOf(stream, 'rotate') ?? 0) : -turned;
  const rotation = (((Math.round(asked / 90) * 90) % 360) + 360) % 360 || 0;
  const lying = rotation % 180 === 90;
  const size = { width: lying ? height : square, height: lying ? square : height };
  if (Math.max(size.width, size.height) > longestSide) {
    throw new AppError(
      'film/too-large',
      `${path} has frames of ${size.width}×${size.height}; at most ${longestSide} px a side are read.`,
      { file: path, ...size, most: longestSide },
    );
  }
  return { ...size, rotation, stretched: square !== width };
}

const tagOf = ({ tags }: Pick<ProbedStream, 'tags'>, name: string) =>
  Object.entries(tags).find(([key]) => key.toLowerCase().split('-')[0] === name.toLowerCase())?.[1];

/** Matroska's `DURATION`: `00:00:02.000000000`. */
function durationTag(stream: ProbedStream): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(tagOf(stream, 'DURATION') ?? '') ?? [];
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** AVI counts its frames, and those left out too; ffmpeg tells the seconds that are left of a cut one. */
function promisedEnd(file: ProbedFile, stream: ProbedStream, origin: number, rate: number): FilmDetails['promised'] {
  if (file.format?.format_name !== 'avi' || !stream.nb_frames) return null;
  return { end: origin + stream.nb_frames / rate, of: 'stream' };
}

/** Of a cut file, all but those that promise tell the seconds that are left. */
function endOf(file: ProbedFile, stream: ProbedStream, origin: number, begins: number): FilmDetails['promised'] {
  if (stream.duration !== undefined) return { end: origin + stream.duration, of: 'stream' };
  const tag = durationTag(stream);
  if (tag !== undefined) return { end: tag, of: 'stream' };
  const { duration } = file.format ?? {};
  return duration === undefined ? null : { end: begins + duration, of: 'file' };
}

interface Oddities {
  readonly file: ProbedFile;
  readonly stream: ProbedStream;
  readonly sounds: readonly ProbedStream[];
  readonly size: Upright;
  readonly interlaced: boolean;
  readonly hdr: boolean;
  readonly transfer: string | undefined;
  readonly variable: boolean;
  readonly tools: Tools;
}

function notesOf(odd: Oddities): FilmNote[] {
  const { file, stream, sounds, size, interlaced, hdr, transfer, variable, tools } = odd;
  const notes: FilmNote[] = [];
  const note = (kind: FilmNote['kind'], details: FilmNote['details'] = {}) => void notes.push({ kind, details });
  const format = stream.pix_fmt ?? '';
  const [width = 0, height = 0] = [stream.width, stream.height];
  const videos = file.streams.filter((each) => each.codec_type === 'video' && each.disposition.attached_pic !== 1);
  const data = file.streams.filter((each) => each.codec_type === 'data');
  if (size.rotation !== 0) note('rotated', { degrees: size.rotation });
  if (variable) note('variable-rate');
  if (width % 2 === 1 || height % 2 === 1) note('odd-size', { width, height });
  if (/(p0?10|p0?12|p0?14|p0?16|1[0246](le|be)$)/.test(format)) note('ten-bit', { format });
  if (hdr) note(tools.toneMapping ? 'hdr' : 'hdr-not-mapped', { transfer: transfer === 'smpte2084' ? 'PQ' : 'HLG' });
  if (interlaced) note('interlaced');
  if (size.stretched) note('anamorphic', { ratio: stream.sample_aspect_ratio ?? '', width, height });
  if (videos.length > 1 || sounds.length > 1) note('several-tracks', { films: videos.length, sounds: sounds.length });
  if (data.length > 0) note('data-streams', { count: data.length });
  if (sounds.length === 0) note('no-sound');
  return notes;
}
