import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { probeArguments, type Asking } from './command.ts';
import { collect } from './process.ts';
import type { Tools } from './tools.ts';

/** What is used of ffprobe's answers. Numbers come as text; of damaged files they are missing or `N/A`. */

const number = z.coerce.number().refine(Number.isFinite).optional().catch(undefined);
const tags = z.record(z.string(), z.string()).default({}).catch({});

export const probedStream = z.object({
  index: z.number().int(),
  /** `0x100`: of transport streams the packet id. */
  id: z.string().optional(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: number,
  height: number,
  pix_fmt: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  start_time: number,
  duration: number,
  nb_frames: number,
  channels: number,
  sample_rate: number,
  disposition: z.object({ attached_pic: number }).default({ attached_pic: undefined }),
  tags,
  side_data_list: z
    .array(z.object({ rotation: number }))
    .default([])
    .catch([]),
});
export type ProbedStream = z.infer<typeof probedStream>;

export const probedFile = z.object({
  streams: z.array(probedStream).default([]),
  format: z.object({ format_name: z.string().default(''), start_time: number, duration: number, tags }).optional(),
});
export type ProbedFile = z.infer<typeof probedFile>;

export const probedPicture = z.object({
  pts_time: number,
  best_effort_timestamp_time: number,
  pkt_pts_time: number,
  width: number,
  height: number,
  pix_fmt: z.string().optional(),
  interlaced_frame: number,
  color_transfer: z.string().optional(),
});
export const probedPictures = z.object({ frames: z.array(probedPicture).default([]) });

export interface ProbedPacket {
  /** Seconds on the file's clock; NaN where it has none. */
  readonly time: number;
  readonly length: number;
  /** Not shown: an edit list cuts it off. */
  readonly discarded: boolean;
}

/** Fails: `film/unreadable` with ffprobe's own reason. */
export async function askFfprobe<T>(
  shape: z.ZodType<T>,
  asking: Asking,
  tools: Tools,
  signal: AbortSignal,
): Promise<T> {
  const { code, tail, text, failed } = await collect(probeArguments(asking), { tools, program: 'ffprobe', signal });
  if (code === null && !failed) throw unreadableFilm(asking.path, `ffprobe ${tools.version} breaks down over it`);
  if (code !== 0) throw unreadableFilm(asking.path, failed?.message ?? tail);
  try {
    return shape.parse(JSON.parse(text));
  } catch (thrown) {
    throw unreadableFilm(asking.path, 'ffprobe’s answer is not understood', thrown);
  }
}

/** Characters of a list of packets: days of film. */
const longestList = 2 ** 28;

/** In the order of the file. @param stream null = all @param most absent = all, which reads the whole file */
export async function packetsOf(path: string, stream: number | null, tools: Tools, signal: AbortSignal, most?: number) {
  const entries = 'packet=pts_time,dts_time,duration_time,flags';
  const asking: Asking = {
    path,
    show: [],
    ...(stream !== null && { stream }),
    entries,
    form: 'csv=p=0',
    ...(most !== undefined && { most }),
  };
  const { text } = await collect(probeArguments(asking), { tools, program: 'ffprobe', signal, most: longestList });
  return packetsIn(text);
}

/** Of lines `shown,decoded,length,flags`. AVI does not say of every frame when it is shown, only when it is decoded. */
export function packetsIn(text: string): ProbedPacket[] {
  const lines = text.split('\n').map((line) => line.trim().split(','));
  const rows = lines.filter(([, , , flags]) => flags !== undefined);
  const all = (column: number) => rows.every((row) => Number.isFinite(Number(row[column])));
  const place = !all(0) && all(1) ? 1 : 0;
  return rows.map((row) => ({
    time: Number(row[place]),
    length: Number(row[2]) || 0,
    discarded: row[3]?.includes('D') ?? false,
  }));
}

/** What ffmpeg's words mean to a person who has dropped a file. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/moov atom not found/, 'its index (moov) is missing, as of a recording that was broken off'],
  [
    /Invalid data found when processing input/,
    'its content is of no kind that ffmpeg knows, or damaged from its beginning',
  ],
  // So answers a format that is not on the list of those that are let in.
  [/Invalid argument|whitelist/i, 'it is of a kind that holds no film'],
];

/** @param said what ffmpeg or ffprobe said; the reason is what is known to mean something, or its last line */
export function unreadableFilm(file: string, said: string, thrown?: unknown): AppError {
  const lines = said.split('\n').map((line) => plain(line, file));
  const last = lines.findLast((line) => line !== '');
  const reason = meanings.find(([words]) => words.test(said))?.[1] ?? last ?? 'it says nothing more';
  return new AppError(
    'film/unreadable',
    `${file} is no film that ffmpeg can read: ${reason}.`,
    { file, reason },
    thrown,
  );
}

/** Without addresses in memory, levels and the file's name, which a person needs not. */
export function plain(line: string, file: string): string {
  return line
    .replace(/^(\[[^\]]*\]\s*)+/, '')
    .replaceAll(`file:${file}`, 'the file')
    .replaceAll(file, 'the file')
    .replace(/^the file: /, '')
    .replace(/[.\s]+$/, '');
}
