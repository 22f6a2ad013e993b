import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import { AppError, isFailureCode, type FailureCode, type FailureDetails } from './failures.ts';
import type { Port } from './port.ts';
import { asChannel, mapIterator } from './wire.ts';

/**
 * A client of whatever answers at the other end of the port. Failures arrive as `AppError`; a call cancelled by its
 * signal fails with `call/cancelled`; when the port ends, every pending call fails with `engine/lost`.
 */
export function callsOver<Contract extends AnyContractRouter>(port: Port): ContractRouterClient<Contract> {
  let ended = '';
  const losers = new Set<(thrown: Error) => void>();
  void port.closed.then(({ reason }) => {
    ended = reason || 'the connection ended';
    for (const lose of losers) lose(new Error(ended));
  });
  const settle = async (thrown: unknown): Promise<AppError> => {
    await Promise.resolve(); // the port's end is noticed by two listeners; let ours run first
    return fromWire(thrown, ended);
  };
  const link = new RPCLink({
    port: asChannel(port),
    interceptors: [
      async ({ next }) => {
        if (ended) throw await settle(new Error(ended));
        // The library does not notice an end that comes between its taking the call and sending it.
        let lose: (thrown: Error) => void = () => undefined;
        const lost = new Promise<never>((_, reject) => (lose = reject));
        losers.add(lose);
        try {
          return mapIterator(await Promise.race([next(), lost]), settle);
        } catch (thrown) {
          throw await settle(thrown);
        } finally {
          losers.delete(lose);
        }
      },
    ],
  });
  return createORPCClient(link);
}

function fromWire(thrown: unknown, ended: string): AppError {
  if (thrown instanceof AppError) return thrown;
  if (ended) return new AppError('engine/lost', `The other side is gone: ${ended}.`, { reason: ended }, thrown);
  if (thrown instanceof ORPCError) {
    const code: FailureCode = isFailureCode(thrown.code) ? thrown.code : 'internal';
    const details = (thrown.data ?? {}) as FailureDetails;
    return new AppError(code, thrown.message, details, thrown);
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new AppError('call/cancelled', 'The call was cancelled.', {}, thrown);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, { reason: message }, thrown);
}
