import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  const { status, headers, body } = await answer(pathname, searchParams);
  const part = status === 200 ? rangeOf(request.headers.range, body.length) : 'whole';
  if (part === 'outside') return void response.writeHead(416, { 'Content-Range': `bytes */${body.length}` }).end();
  const bytes = part === 'whole' ? body : body.subarray(part.start, part.end + 1);
  response.writeHead(part === 'whole' ? status : 206, {
    ...headers,
    ...(status === 200 && { 'Accept-Ranges': 'bytes' }),
    ...(part !== 'whole' && { 'Content-Range': `bytes ${part.start}-${part.end}/${body.length}` }),
    'Content-Length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
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
