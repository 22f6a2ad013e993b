import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Port } from '#contract/port.ts';
import { webSocketPort } from '#contract/web-socket.ts';
import type { Site } from './answer.ts';

/** Bytes of one message of a page; files go another way. */
const largestMessage = 16 * 2 ** 20;
/** Milliseconds between two signs of life asked of a page. */
const pingEvery = 20_000;

/** Opens ports for pages at `/link/engine` and `/link/host`. Returns the function that ends them all. */
export function answerSockets(
  server: Server,
  { doorkeeper, port }: Site,
  visits: Readonly<Record<'engine' | 'host', (port: Port) => void>>,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const { pathname } = new URL(request.url ?? '/', 'http://heatlens');
    const to = /^\/link\/(engine|host)$/.exec(pathname)?.[1] as keyof typeof visits | undefined;
    const refusal = doorkeeper.refuse(request, port(), true);
    if (refusal || !to) {
      const status = refusal?.status ?? 404;
      stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => visits[to](alive(socket)));
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

/** A page whose machine went away without a word is noticed by its silence. */
function alive(socket: WebSocket): Port {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingEvery);
  socket.on('close', () => clearInterval(timer));
  return webSocketPort(socket);
}
