import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '#contract/failures.ts';
import { verifyFile, wrongChecksum, type Checksum } from './checksum.ts';
import { fullDisk } from './space.ts';
import type { Work } from './work.ts';

export interface Download {
  readonly url: string;
  /** Where the whole, checked file comes to lie; until then it is beside it, under `.part`. */
  readonly file: string;
  /** What is fetched, for people. */
  readonly name: string;
  readonly checksum?: Checksum;
  /** What sends more than this is another file, and is not let fill the disk. */
  readonly mostBytes?: number;
}

export interface Patience {
  /** Waits before further tries, milliseconds; any byte that arrives makes the list begin again. */
  readonly waits: readonly number[];
  /** A connection that is silent this long is given up, milliseconds. */
  readonly silence: number;
}

const usual: Patience = { waits: [500, 1000, 2000, 4000], silence: 30_000 };
const mostRedirects = 5;

/**
 * Fetches a file, going on where an earlier try ended. Fails: `provision/no-network` (nothing arrives, or the server
 * refuses), `provision/no-space`, `provision/checksum`.
 */
export async function download(wanted: Download, work: Work, patience: Patience = usual): Promise<void> {
  const part = `${wanted.file}.part`;
  // Whole from an earlier try that ended later on. Under its final name only what was checked lies; the disk may differ.
  if (wanted.checksum && (await sizeOf(wanted.file)) > 0) {
    if (await verifyFile(wanted.file, wanted.checksum, work).then(() => true, wrongAgain)) return;
  }
  work.begin('download', `Downloading ${wanted.name}`);
  for (let tries = 0; ; tries++) {
    const before = await sizeOf(part);
    try {
      if (await fetchRest(wanted, part, before, work, patience.silence)) break;
    } catch (thrown) {
      work.signal.throwIfAborted();
      if (thrown instanceof AppError) throw thrown;
      if ((await sizeOf(part)) > before) tries = 0;
      const wait = patience.waits[tries];
      if (wait === undefined) throw unreachable(wanted.url, thrown);
      await sleep(wait, undefined, { signal: work.signal });
    }
  }
  if (wanted.checksum) await verifyFile(part, wanted.checksum, work);
  await rename(part, wanted.file);
}

function wrongAgain(thrown: unknown): false {
  if (thrown instanceof AppError && thrown.code === 'provision/checksum') return false;
  throw thrown;
}

/** Appends what is missing; true when the file is whole, false when it must be begun anew. */
async function fetchRest(wanted: Download, part: string, have: number, work: Work, silence: number): Promise<boolean> {
  const { url } = wanted;
  if (url.startsWith('file:')) {
    await write(part, 'w', createReadStream(fileURLToPath(url)), 0, (await stat(fileURLToPath(url))).size, work);
    return true;
  }
  const mute = new AbortController();
  const alarm = setTimeout(() => mute.abort(new Error(`nothing arrived for ${silence / 1000} s`)), silence);
  try {
    const headers = { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) };
    const response = await follow(url, { headers, signal: AbortSignal.any([work.signal, mute.signal]) });
    if (response.status === 416 && have > 0) return await endsHere(response, part, have);
    if (response.status >= 400 && response.status < 500 && response.status !== 429)
      throw refused(url, `HTTP ${response.status}`);
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const from = response.status === 206 ? have : 0; // 200: the server knows no ranges and sends everything again
    const total = from + Number(response.headers.get('content-length') ?? 0);
    if (total > (wanted.mostBytes ?? Infinity)) throw await tooMuch(wanted, part, total);
    const chunks = atMost(
      wanted,
      part,
      from,
      restartingAlarm(response.body, () => void alarm.refresh()),
    );
    const size = await write(part, from > 0 ? 'a' : 'w', chunks, from, total, work);
    if (size < total) throw new Error(`the connection ended after ${size} of ${total} bytes`);
    return true;
  } finally {
    clearTimeout(alarm);
  }
}

/** Goes where the server sends it, a few times. */
async function follow(url: string, init: RequestInit): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(at, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, at);
    if (!/^https?:$/.test(next.protocol)) throw refused(url, `a redirect to ${next.protocol}`);
    at = next.href;
  }
  throw refused(url, `more than ${mostRedirects} redirects`);
}

/** A server need not say how much it sends. */
async function* atMost(
  wanted: Download,
  part: string,
  from: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let size = from;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > (wanted.mostBytes ?? Infinity)) throw await tooMuch(wanted, part, size);
    yield chunk;
  }
}

async function tooMuch({ file, mostBytes = 0, checksum }: Download, part: string, bytes: number): Promise<AppError> {
  await rm(part, { force: true });
  const expected = checksum?.hex ?? `at most ${mostBytes} bytes`;
  return wrongChecksum(path.basename(file), expected, `that of ${bytes} bytes or more`);
}

async function* restartingAlarm(body: AsyncIterable<Uint8Array>, restart: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    restart();
    yield chunk;
  }
}

async function write(
  part: string,
  flags: 'a' | 'w',
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  total: number,
  work: Work,
): Promise<number> {
  const file: FileHandle = await open(part, flags);
  let size = from;
  try {
    work.advance(size, total, 'bytes');
    for await (const chunk of chunks) {
      work.signal.throwIfAborted();
      await file.appendFile(chunk);
      size += chunk.byteLength;
      work.advance(size, total, 'bytes');
    }
    return size;
  } catch (thrown) {
    throw fullDisk(thrown, path.dirname(part)) ?? thrown;
  } finally {
    await file.close();
  }
}

/** The server has no more than we have: whole when it says the same size, else the part is of another file. */
async function endsHere(response: Response, part: string, have: number): Promise<boolean> {
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (Number(total) === have) return true;
  await (await open(part, 'w')).close();
  return false;
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function refused(url: string, status: string): AppError {
  const { host } = new URL(url);
  const reason = status;
  return new AppError('provision/no-network', `${host} refused ${url} with ${reason}.`, { host, reason, status });
}

export function unreachable(url: string, cause: unknown): AppError {
  const { host } = new URL(url);
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const reason = inner instanceof Error ? inner.message : String(inner);
  return new AppError('provision/no-network', `Nothing arrives from ${host}: ${reason}.`, { host, reason }, cause);
}
