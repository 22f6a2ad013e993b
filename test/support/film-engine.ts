import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { callsOver } from '#contract/calls.ts';
import type { engineContract } from '#contract/engine.ts';
import type { FilmJob } from '#contract/video.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { nodeLauncher } from '#link/node-process.ts';

const built = path.resolve(import.meta.dirname, '../../out/main/engine.cjs');

/** The built engine as hosts start it, with real TensorFlow. */
export function filmEngine(project: string, queue: 'goes-on' | 'waits' = 'goes-on'): EngineProcess {
  if (!existsSync(built)) throw new Error(`${built} is not built; run \`npm run build\` first`);
  return new EngineProcess({
    launch: nodeLauncher(built, undefined, 'ignore'),
    args: () => ({ project, backend: 'auto', queue }),
  });
}

export const callsOf = (engine: EngineProcess) => callsOver<typeof engineContract>(engine.connect());
export type Calls = ReturnType<typeof callsOf>;

/** A film of a moving picture with a tone, 25 frames a second. */
export function makeFilm(file: string, seconds: number, words: readonly string[] = [], size = '320x180'): string {
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`],
    ...[
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=440:duration=${seconds}`,
      '-pix_fmt',
      'yuv420p',
      '-shortest',
      ...words,
      file,
    ],
  ]);
  return file;
}

/** The queue until a job is as wanted. */
export async function jobWhen(calls: Calls, id: string, wanted: (job: FilmJob) => boolean): Promise<FilmJob> {
  const leave = new AbortController();
  try {
    for await (const jobs of await calls.video.queue(undefined, { signal: leave.signal })) {
      const job = jobs.find((each) => each.id === id);
      if (job && wanted(job)) return job;
    }
  } finally {
    leave.abort();
  }
  throw new Error('the queue ended');
}

export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What hosts pass on to pages. */
export function picture(address: string, url: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath: address, path: `/${url}`, headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
        );
        response.on('error', reject);
      })
      .on('error', reject);
  });
}

/** ffmpeg and ffprobe processes whose command line names this folder. */
export function programsOn(folder: string): string[] {
  const list = execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' }).split('\n');
  return list.filter((line) => /\bff(mpeg|probe)\b/.test(line) && line.includes(folder));
}
