import { madePort } from './made-port.ts';
import type { Frame, Port } from './port.ts';

/** What a page's WebSocket and the one of package `ws` share, as far as we use it. */
interface SocketLike {
  binaryType: unknown;
  readonly readyState: number;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(event: 'open', hear: () => void): void;
  addEventListener(event: 'message', hear: (message: { data: unknown }) => void): void;
  addEventListener(event: 'close', hear: (event: { reason: string }) => void): void;
  addEventListener(event: 'error', hear: () => void): void;
}

const connecting = 0;
const open = 1;

/** A socket as a port; frames posted before it is open are sent when it is. */
export function webSocketPort(socket: SocketLike): Port {
  const waiting: Frame[] = [];
  const send = (frame: Frame) => socket.send(frame as string | Uint8Array<ArrayBuffer>);
  const { port, arrived, ended } = madePort({
    post: (frame) => {
      if (socket.readyState === open) send(frame);
      else if (socket.readyState === connecting) waiting.push(frame);
    },
    close: () => socket.close(),
  });
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    for (const frame of waiting.splice(0)) send(frame);
  });
  socket.addEventListener('message', ({ data }) => {
    arrived(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
  });
  socket.addEventListener('error', () => ended('the connection failed'));
  socket.addEventListener('close', ({ reason }) => ended(reason || 'the connection ended'));
  return port;
}
