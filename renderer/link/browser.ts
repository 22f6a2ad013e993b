import { AppError, isFailureCode, type Failure } from '#contract/failures.ts';
import { webSocketPort } from '#contract/web-socket.ts';
import { chosenFiles, droppedEntries, filesOf, type PlacedFile } from './dropped-files.ts';
import type { TakeOptions, Transport } from './transport.ts';

/** In a browser: sockets to the server that the page came from, files are sent there. */
export function browserTransport(): Transport {
  return {
    connect: (to) => {
      const url = new URL(`link/${to}`, document.baseURI);
      url.protocol = url.protocol.replace('http', 'ws');
      return webSocketPort(new WebSocket(url));
    },
    take: (files, options) => upload(chosenFiles(files), options),
    takeDropped: (dropped, options) => uploadEntries(droppedEntries(dropped), options),
  };
}

async function uploadEntries(entries: readonly FileSystemEntry[], options: TakeOptions): Promise<string[]> {
  const files: PlacedFile[] = [];
  for await (const placed of filesOf(entries, options.missed)) {
    if (options.signal?.aborted) throw cancelled();
    files.push(placed);
  }
  return upload(files, options);
}

/** Requests under way: small files would else wait for each other's answers. */
const atOnce = 4;

/** Sends the files; resolves to the paths of what lies on top: files on their own, and folders. */
async function upload(files: readonly PlacedFile[], { progress, signal }: TakeOptions): Promise<string[]> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const tops: string[] = [];
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  // One drop is one folder, for labels are found beside their images.
  const drop = crypto.randomUUID();
  const waiting = files.entries();
  let before = 0;
  const sendNext = async () => {
    for (const [place, placed] of waiting) {
      let sent = 0;
      tops[place] = await send(placed, drop, {
        signal: either,
        progress: (bytes) => {
          before += bytes - sent;
          sent = bytes;
          progress?.(total === 0 ? 1 : before / total);
        },
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, sendNext));
  } finally {
    stop.abort();
  }
  return [...new Set(tops)];
}

interface Sending {
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** By XMLHttpRequest: fetch does not tell how much of a body has gone. */
function send({ file, folder }: PlacedFile, drop: string, { progress, signal }: Sending): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded }) => progress(Math.min(loaded, file.size));
    request.onabort = () => reject(cancelled());
    request.onerror = () => reject(lost());
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.onload = () => {
      if (request.status === 200) resolve((request.response as { top: string }).top);
      else reject(failureOf(request.response));
    };
    request.open('POST', `upload?${new URLSearchParams({ name: file.name, folder, drop })}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.send(file);
  });
}

function failureOf(response: unknown): AppError {
  const failure = (response as { error?: Failure } | null)?.error;
  if (!failure || !isFailureCode(failure.code)) return lost();
  return new AppError(failure.code, failure.message, failure.details);
}

const cancelled = () => new AppError('call/cancelled', 'The upload was cancelled.');

const lost = () =>
  new AppError('engine/lost', 'The server did not take the file.', { reason: 'the server did not take the file' });
