import { madePort } from './made-port.ts';
import type { Frame, Port } from './port.ts';

/** What Electron's MessagePortMain and Node's MessagePort share, as far as we use it. */
interface EmitterPort {
  postMessage(frame: Frame | Goodbye): void;
  on(event: 'message', hear: (message: unknown) => void): unknown;
  on(event: 'close', hear: () => void): unknown;
  start(): void;
  close(): void;
}

/** A page's MessagePort. */
interface EventPort {
  postMessage(frame: Frame | Goodbye): void;
  addEventListener(event: 'message', hear: (message: { data: unknown }) => void): void;
  addEventListener(event: 'close', hear: () => void): void;
  start(): void;
  close(): void;
}

/** Said before closing, because pages older than Chrome 122 are not told that the other side closed. */
type Goodbye = null;

export function messagePort(channel: EmitterPort | EventPort): Port {
  const { port, arrived, ended } = madePort({
    post: (frame) => channel.postMessage(frame),
    close: () => {
      channel.postMessage(null);
      channel.close();
    },
  });
  const hear = (message: unknown) => {
    if (message !== null) return arrived(message as Frame);
    ended('the other side closed it');
    channel.close();
  };
  const close = () => ended('the connection ended');
  if ('addEventListener' in channel && !('on' in channel)) {
    channel.addEventListener('message', (event) => hear(event.data));
    channel.addEventListener('close', close);
  } else {
    const emitter = channel as EmitterPort;
    emitter.on('message', (message) => hear(isEvent(message) ? message.data : message));
    emitter.on('close', close);
  }
  channel.start();
  return port;
}

/** Electron wraps what it brings in an event, Node's worker ports do not. */
function isEvent(message: unknown): message is { data: unknown } {
  return typeof message === 'object' && message !== null && 'data' in message;
}
