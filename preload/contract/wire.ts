import { AsyncIteratorClass } from '@orpc/client';
import type { BrowserPortLike } from '@orpc/client/message-port';
import type { Frame, Port } from './port.ts';

/** Our Port in the shape that the RPC library takes. */
export function asChannel(port: Port): BrowserPortLike {
  return {
    postMessage: (frame: Frame) => port.post(frame),
    onMessage: { addListener: (hear: (frame: Frame) => void) => void port.listen(hear) },
    onDisconnect: { addListener: (hear: () => void) => void port.closed.then(hear) },
  };
}

/**
 * The same iterator, with what it throws put through `change`; anything else passes untouched. Ending it ends the
 * source at once, even while it waits for its next item (an async generator around it would wait along).
 */
export function mapIterator<T>(output: T, change: (thrown: unknown) => Promise<Error>): T {
  if (!isIterator(output)) return output;
  const next = () =>
    output.next().catch(async (thrown: unknown) => {
      throw await change(thrown);
    });
  return new AsyncIteratorClass(next, async (reason) => {
    if (reason !== 'next') await output.return?.();
  }) as T;
}

function isIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
