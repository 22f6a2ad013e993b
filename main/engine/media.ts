import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AnswerPicture } from '#engine/data/pictures.ts';

export interface Media {
  /** A unix socket in a folder that only this user may enter, or a named pipe. */
  readonly address: string;
  close(): Promise<void>;
}

/** Answers pictures over HTTP to the host, which passes them on: large answers stay out of the wire of calls. */
export async function serveMedia(answer: AnswerPicture, report: (thrown: unknown) => void): Promise<Media> {
  const server = createServer((request, response) => {
    void reply(answer, request, response).catch((thrown: unknown) => {
      report(thrown);
      response.destroy();
    });
  });
  const folder = process.platform === 'win32' ? null : await mkdtemp(path.join(tmpdir(), 'heatlens-')); // made 0700
  const address = folder ? path.join(folder, 'media') : `\\\\.\\pipe\\heatlens-${randomBytes(16).toString('hex')}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  return {
    address,
    close: async () => {
      server.closeAllConnections();
      server.close();
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function reply(answer: AnswerPicture, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://engine');
  const { status, headers, body, file } = await answer(pathname, searchParams);
  const size = file?.size ?? body.length;
  const part = status === 200 ? rangeOf(request.headers.range, size) : 'whole';
  if (part === 'outside') return void response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  const { start, end } = part === 'whole' ? { start: 0, end: size - 1 } : part;
  response.writeHead(part === 'whole' ? status : 206, {
    ...headers,
    ...(status === 200 && { 'Accept-Ranges': 'bytes' }),
    ...(part !== 'whole' && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    'Content-Length': end - start + 1,
  });
  if (request.method === 'HEAD') return void response.end();
  if (!file || size === 0) return void response.end(body.subarray(start, end + 1));
  // A player that seeks hangs up in the middle of an answer.
  await pipeline(createReadStream(file.path, { start, end }), response).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw thrown;
  });
}

/** RFC 9110 §14.1.2, one range; several are answered with the whole, which is allowed. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'whole' | 'outside' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (!first && !last) return 'whole';
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  return start > end ? 'outside' : { start, end };
}
