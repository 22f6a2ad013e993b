import { madePort, type MadePort } from './made-port.ts';
import type { Frame, Port } from './port.ts';

/** Many ports over one channel that keeps order. Numbers are given by the side that opens. */
export type PortMessage =
  | { readonly port: number; readonly is: 'opened' }
  | { readonly port: number; readonly is: 'frame'; readonly frame: Frame }
  | { readonly port: number; readonly is: 'closed' };

export class ManyPorts {
  readonly #send: (message: PortMessage) => void;
  readonly #opened: (port: Port) => void;
  readonly #ports = new Map<number, MadePort>();
  #next = 1;
  #over = '';

  /** @param opened hears of each port that the other side opens */
  constructor(send: (message: PortMessage) => void, opened: (port: Port) => void = () => undefined) {
    this.#send = send;
    this.#opened = opened;
  }

  open(): Port {
    const number = this.#next++;
    const made = this.#make(number);
    if (this.#over) made.ended(this.#over);
    else this.#send({ port: number, is: 'opened' });
    return made.port;
  }

  take(message: PortMessage): void {
    if (message.is === 'opened') return this.#opened(this.#make(message.port).port);
    const made = this.#ports.get(message.port);
    if (!made) return; // closed here while the message was under way
    if (message.is === 'frame') return made.arrived(message.frame);
    this.#ports.delete(message.port);
    made.ended('the other side closed it');
  }

  /** The channel is gone, and every port with it. */
  end(reason: string): void {
    this.#over ||= reason;
    for (const made of this.#ports.values()) made.ended(reason);
    this.#ports.clear();
  }

  #make(number: number): MadePort {
    const made = madePort({
      post: (frame) => this.#send({ port: number, is: 'frame', frame }),
      close: () => {
        this.#ports.delete(number);
        this.#send({ port: number, is: 'closed' });
      },
    });
    this.#ports.set(number, made);
    return made;
  }
}

export function isPortMessage(message: unknown): message is PortMessage {
  return typeof message === 'object' && message !== null && 'port' in message && 'is' in message;
}
