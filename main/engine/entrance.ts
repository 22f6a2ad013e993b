import { hostMessage, type EngineMessage } from '#contract/engine-process.ts';
import { isPortMessage, ManyPorts } from '#contract/many-ports.ts';
import { messagePort } from '#contract/message-port.ts';
import type { Port } from '#contract/port.ts';

/** Where ports come from and who is told of the engine's state: the only place that knows how it was started. */
export interface Entrance {
  tell(message: EngineMessage): void;
}

interface Visits {
  opened(port: Port): void;
  /** The host asks the engine to end, or is gone. */
  end(reason: string): void;
}

/** Electron's `process.parentPort`, as far as we use it. */
interface ParentPort {
  postMessage(message: EngineMessage): void;
  on(event: 'message', hear: (event: { data: unknown; ports: Parameters<typeof messagePort>[0][] }) => void): void;
}

/** Fails when neither Electron nor a Node parent started this process. */
export function openEntrance(visits: Visits): Entrance {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) return electronEntrance(parentPort, visits);
  if (process.send) return nodeEntrance(visits);
  throw new Error('The engine is started by a host: the window, `heatlens serve` or the command line.');
}

function electronEntrance(parent: ParentPort, visits: Visits): Entrance {
  parent.on('message', ({ data, ports }) => {
    const message = hostMessage.parse(data);
    if (message.kind === 'end') return visits.end('the host asked for it');
    for (const port of ports) visits.opened(messagePort(port));
  });
  return { tell: (message) => parent.postMessage(message) };
}

function nodeEntrance(visits: Visits): Entrance {
  const send = (message: unknown) => {
    if (process.connected) process.send?.(message);
  };
  const ports = new ManyPorts(send, visits.opened);
  process.on('message', (message) => {
    if (isPortMessage(message)) ports.take(message);
    else if (hostMessage.parse(message).kind === 'end') visits.end('the host asked for it');
  });
  process.on('disconnect', () => {
    ports.end('the host is gone');
    visits.end('the host is gone');
  });
  return { tell: send };
}
