import type { Ending, Frame, Port } from './port.ts';

export interface MadePort {
  readonly port: Port;
  /** A frame came from the other side. */
  arrived(frame: Frame): void;
  /** The transport is gone; only the first call counts. */
  ended(reason: string): void;
}

interface Transport {
  post(frame: Frame): void;
  close(): void;
}

/**
 * What all transports share: frames kept until somebody listens, one ending, silence after it. A frame posted after the
 * end is dropped, for its sender learns of the end by `closed`.
 */
export function madePort(transport: Transport): MadePort {
  const hears = new Set<(frame: Frame) => void>();
  let kept: Frame[] = [];
  let over = false;
  let settle: (ending: Ending) => void = () => undefined;
  const closed = new Promise<Ending>((resolve) => (settle = resolve));
  const ended = (reason: string) => {
    if (over) return;
    over = true;
    settle({ reason });
  };
  const port: Port = {
    post: (frame) => {
      if (!over) transport.post(frame);
    },
    listen: (hear) => {
      hears.add(hear);
      const missed = kept;
      kept = [];
      for (const frame of missed) hear(frame);
      return () => hears.delete(hear);
    },
    closed,
    close: () => {
      if (over) return;
      ended('this side closed it');
      transport.close();
    },
  };
  const arrived = (frame: Frame) => {
    if (over) return;
    if (hears.size === 0) kept.push(frame);
    for (const hear of hears) hear(frame);
  };
  return { port, arrived, ended };
}

/** Passes every frame of one port to the other and ends both when either ends. */
export function joinPorts(a: Port, b: Port): void {
  a.listen((frame) => b.post(frame));
  b.listen((frame) => a.post(frame));
  void a.closed.then(() => b.close());
  void b.closed.then(() => a.close());
}
