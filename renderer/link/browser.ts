import { AppError, isFailureCode, type Failure } from '#contract/failures.ts';
import { webSocketPort } from '#contract/web-socket.ts';
import type { TakeOptions, Transport } from './transport.ts';

/** In a browser: sockets to the server that the page came from, files are sent there. */
export function browserTransport(): Transport {
  return {
    connect: (to) => {
      const url = new URL(`link/${to}`, document.baseURI);
      url.protocol = url.protocol.replace('http', 'ws');
      return webSocketPort(new WebSocket(url));
    },
    take: upload,
  };
}

async function upload(files: readonly File[], { progress, signal }: TakeOptions): Promise<string[]> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const paths: string[] = [];
  let before = 0;
  // One drop is one folder, for labels are found beside their images.
  const drop = crypto.randomUUID();
  for (const file of files) {
    paths.push(await send(file, drop, (bytes) => progress?.(total === 0 ? 1 : (before + bytes) / total), signal));
    before += file.size;
  }
  return paths;
}

/** By XMLHttpRequest: fetch does not tell how much of a body has gone. */
function send(
  file: File,
  drop: string,
  progress: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const cancelled = () => new AppError('call/cancelled', 'The upload was cancelled.');
    if (signal?.aborted) return reject(cancelled());
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded }) => progress(Math.min(loaded, file.size));
    request.onabort = () => reject(cancelled());
    request.onerror = () => reject(lost());
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.onload = () => {
      if (request.status === 200) resolve((request.response as { path: string }).path);
      else reject(failureOf(request.response));
    };
    request.open('POST', `upload?${new URLSearchParams({ name: file.name, drop })}`);
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

const lost = () =>
  new AppError('engine/lost', 'The server did not take the file.', { reason: 'the server did not take the file' });
