import { madePort } from '#contract/made-port.ts';
import type { Frame, Port } from '#contract/port.ts';

export interface LaterPort {
  readonly port: Port;
  /** The real port is there: what was posted meanwhile goes out. */
  attach(real: Port): void;
  /** It will not come, or is lost. */
  lose(reason: string): void;
}

/** A port that can be used before its other side is there. */
export function laterPort(): LaterPort {
  const waiting: Frame[] = [];
  let real: Port | null = null;
  let over = false;
  const { port, arrived, ended } = madePort({
    post: (frame) => (real ? real.post(frame) : waiting.push(frame)),
    close: () => real?.close(),
  });
  void port.closed.then(() => (over = true));
  return {
    port,
    attach: (found) => {
      if (over) return found.close();
      real = found;
      found.listen(arrived);
      void found.closed.then(({ reason }) => ended(reason));
      for (const frame of waiting.splice(0)) found.post(frame);
    },
    lose: (reason) => {
      ended(reason);
      real?.close();
    },
  };
}
