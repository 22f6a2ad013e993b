import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { toFailure } from '#contract/failures.ts';
import { pageFile, safeHeaders } from '#link/page-files.ts';
import { fetchPicture, plainReply, type Reply } from '#link/pictures.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import { receiveFile } from './upload.ts';

export interface Site {
  readonly doorkeeper: Doorkeeper;
  readonly port: () => number;
  /** The built page. */
  readonly page: string;
  /** Where uploaded files are put. */
  readonly uploads: string;
  /** Where the engine answers pictures now. */
  readonly pictures: () => string | null;
}

/** Answers a browser: the page, its pictures, and files sent by it. */
export async function answerRequest(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await route(site, request);
  response.writeHead(status, { ...headers, ...safeHeaders });
  if (request.method === 'HEAD') {
    body.destroy();
    response.end();
  } else {
    await pipeline(body, response);
  }
}

async function route(site: Site, request: IncomingMessage): Promise<Reply> {
  const { doorkeeper, port } = site;
  const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://heatlens');
  const token = searchParams.get('token');
  if (pathname === '/' && token !== null) return enter(site, request, token);
  const acts = request.method !== 'GET' && request.method !== 'HEAD';
  const refusal = doorkeeper.refuse(request, port(), acts);
  if (refusal) return plainReply(refusal.status, refusal.sentence);
  if (acts) return pathname === '/upload' && request.method === 'POST' ? take(site, request, searchParams) : readOnly();
  if (pathname.startsWith('/pictures/')) return fetchPicture(site.pictures(), pathname + search, request.headers.range);
  return pageFile(site.page, pathname);
}

const readOnly = () => plainReply(405, 'Only reading is possible here.', { allow: 'GET, HEAD' });

/** Trades the token for a cookie, and has the browser forget the address that held it. */
function enter({ doorkeeper, port }: Site, request: IncomingMessage, token: string): Reply {
  const refusal = doorkeeper.refuseHost(request);
  if (refusal) return plainReply(refusal.status, refusal.sentence);
  const cookie = doorkeeper.cookieFor(token, port());
  if (!cookie) return plainReply(401, 'The token is not right: `heatlens serve` printed the address with it.');
  // Not a redirect: one that follows a link on another site would go without the strict cookie.
  // Its empty icon keeps the browser from asking for one that is not there.
  const page =
    '<!doctype html><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=./"><title>Heatlens</title>';
  return plainReply(200, page, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': cookie });
}

async function take({ uploads }: Site, request: IncomingMessage, parameters: URLSearchParams): Promise<Reply> {
  const json = { 'content-type': 'application/json' };
  try {
    const { top } = await receiveFile(request, parameters, uploads);
    return plainReply(200, JSON.stringify({ top }), json);
  } catch (thrown) {
    request.resume(); // the answer is read only after the body was sent
    const failure = toFailure(thrown);
    return plainReply(failure.code === 'file/too-large' ? 413 : 400, JSON.stringify({ error: failure }), json);
  }
}
