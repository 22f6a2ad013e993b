import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FileServer {
  readonly url: string;
  /** The `Range` header of each request, in order; undefined where there was none. */
  readonly ranges: (string | undefined)[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => boolean;

/**
 * Serves one file, or several by path, with ranges until the test ends. `instead` may answer a request (1, 2, …) itself:
 * it returns true.
 */
export async function fileServer(
  files: Buffer | Readonly<Record<string, Buffer>>,
  instead: Answer = () => false,
): Promise<FileServer> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    if (instead(request, response, ranges.length)) return;
    const content = Buffer.isBuffer(files) ? files : files[request.url ?? ''];
    if (!content) {
      response.writeHead(404).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= content.length && from > 0) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const headers = { 'content-length': content.length - from };
    response.writeHead(from > 0 ? 206 : 200, headers).end(content.subarray(from));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/${Buffer.isBuffer(files) ? 'engine.whl' : ''}`, ranges };
}
