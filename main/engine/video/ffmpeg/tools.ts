import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '#contract/failures.ts';
import type { FilmTools } from '#contract/video.ts';
import { starting } from './starting.ts';

const require = createRequire(import.meta.url);
const runProgram = promisify(execFile);
const run = (program: string, words: readonly string[], options: typeof asking) =>
  starting(() => runProgram(program, words, options));

/** The ffmpeg in use, and what it can do. */
export interface Tools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** As it says: `5.1.9-0+deb12u1`. */
  readonly version: string;
  readonly from: 'system' | 'package' | 'chosen';
  /** zscale and tonemap: HDR can be brought to SDR. */
  readonly toneMapping: boolean;
  /** The H.264 encoder to use; null where there is none. */
  readonly h264: string | null;
  /** libavutil's major version: 57 = ffmpeg 5. Option names changed over the years. */
  readonly library: number;
  /** What is put before a program so that it ends with us even if we are killed; empty where the system has no such thing. */
  readonly leash: readonly string[];
}

/** In order of preference: the only one that knows a constant rate factor first; hardware only where its makers ship it. */
const encoders = [
  'libx264',
  'libopenh264',
  ...(process.platform === 'darwin' ? ['h264_videotoolbox'] : []),
  ...(process.platform === 'win32' ? ['h264_mf'] : []),
];

/** A window started from a dock has a short PATH. */
const usualFolders =
  process.platform === 'win32'
    ? []
    : ['/usr/local/bin', '/opt/homebrew/bin', '/opt/local/bin', '/usr/bin', '/snap/bin'];

let found: Promise<Tools> | null = null;

/**
 * `HEATLENS_FFMPEG` → the system's → those of the npm packages, which are of 2018. One that cannot write H.264 gives way to
 * the next that can. Looked for once; again after a failure, so that what is installed meanwhile is found.
 * Fails: `film/no-ffmpeg`.
 */
export function findTools(): Promise<Tools> {
  found ??= look(process.env).catch((thrown: unknown) => {
    found = null;
    throw thrown;
  });
  return found;
}

/** In a thread that was told what its starter found: nothing is looked for again. */
export function useTools(tools: Tools): void {
  found = Promise.resolve(tools);
}

/** For the page; never fails. */
export async function filmTools(): Promise<FilmTools> {
  const tools = await findTools().catch(() => null);
  if (!tools) return { ffmpeg: null, toneMapping: false, h264: false };
  const { ffmpeg: path, version, from, toneMapping, h264 } = tools;
  return { ffmpeg: { path, version, from }, toneMapping, h264: h264 !== null };
}

export async function look(environment: NodeJS.ProcessEnv): Promise<Tools> {
  const looked: string[] = [];
  let second: Tools | null = null;
  for (const candidate of candidates(environment)) {
    looked.push(candidate.ffmpeg);
    const tools = await examine(candidate).catch(() => null);
    if (tools?.h264 || (tools && candidate.from === 'chosen')) return tools;
    second ??= tools;
  }
  if (second) return second;
  const chosen = environment['HEATLENS_FFMPEG'];
  throw new AppError(
    'film/no-ffmpeg',
    `No ffmpeg with its ffprobe was found${chosen ? ` at ${chosen} (HEATLENS_FFMPEG), nor` : ''} on the PATH or among the packages.`,
    { looked: looked.join(', ') },
  );
}

interface Candidate {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly from: Tools['from'];
}

function candidates(environment: NodeJS.ProcessEnv): Candidate[] {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const inFolder = (folder: string, from: Tools['from']) => {
    return { ffmpeg: join(folder, `ffmpeg${ending}`), ffprobe: join(folder, `ffprobe${ending}`), from };
  };
  const chosen = environment['HEATLENS_FFMPEG'];
  const path = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter(isAbsolute);
  const folders = [...new Set([...path, ...usualFolders])];
  return [
    ...(chosen
      ? [{ ffmpeg: chosen, ffprobe: inFolder(dirname(chosen), 'chosen').ffprobe, from: 'chosen' as const }]
      : []),
    ...(chosen ? [inFolder(chosen, 'chosen')] : []),
    ...folders.map((folder) => inFolder(folder, 'system')),
    ...packaged(),
  ];
}

/** Programs cannot be started from inside an asar archive; they lie beside it. */
export const outsideArchive = (path: string) => path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');

function packaged(): Candidate[] {
  try {
    const pathOf = (name: string) => outsideArchive((require(name) as { path: string }).path);
    return [
      { ffmpeg: pathOf('@ffmpeg-installer/ffmpeg'), ffprobe: pathOf('@ffprobe-installer/ffprobe'), from: 'package' },
    ];
  } catch {
    return []; // There is none for this system and processor.
  }
}

async function examine({ ffmpeg, ffprobe, from }: Candidate): Promise<Tools> {
  for (const file of [ffmpeg, ffprobe]) {
    if (!(await stat(file)).isFile()) throw new Error(`${file} is no file`);
    // The packages' install scripts, which are not run, would do this.
    if (from === 'package') await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
  }
  const ask = async (program: string, ...words: string[]) =>
    (await run(program, ['-hide_banner', ...words], asking)).stdout;
  const [version, , encoderList, filterList] = await Promise.all([
    run(ffmpeg, ['-version'], asking).then(({ stdout }) => stdout),
    ask(ffprobe, '-version'),
    ask(ffmpeg, '-encoders'),
    ask(ffmpeg, '-filters'),
  ]);
  const names = (list: string) => new Set(list.split('\n').map((line) => line.trim().split(/\s+/)[1]));
  const [known, filters] = [names(encoderList), names(filterList)];
  return {
    ...{ ffmpeg, ffprobe, from },
    version: /^ffmpeg version (\S+)/.exec(version)?.[1] ?? 'unknown',
    library: Number(/libavutil\s+(\d+)/.exec(version)?.[1] ?? 0),
    toneMapping: filters.has('zscale') && filters.has('tonemap'),
    h264: encoders.find((each) => known.has(each)) ?? null,
    leash: await leash(),
  };
}

const asking = { timeout: 20_000, windowsHide: true, maxBuffer: 2 ** 22 };

/**
 * Linux ends a process with its parent if asked to (`prctl(PR_SET_PDEATHSIG)`), which util-linux's setpriv does and then
 * becomes the program. On Windows libuv's job object does the same. Elsewhere the pipe to us ends it, a little later.
 */
async function leash(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  const words = ['setpriv', '--pdeathsig', 'KILL', '--'];
  const [program = '', ...rest] = words;
  return run(program, [...rest, 'true'], asking).then(
    () => words,
    () => [],
  );
}
