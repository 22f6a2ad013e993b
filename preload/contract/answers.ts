import type { AnyContractRouter } from '@orpc/contract';
import { ORPCError, type Router } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { AppError, toFailure, type Failure } from './failures.ts';
import type { Port } from './port.ts';
import { asChannel, mapIterator } from './wire.ts';

/**
 * Answers the calls that come over ports with one router. Requests and results are checked against the contract's
 * schemas before and after the handler; what a handler throws leaves as `{ code, message, data }`.
 *
 * @param report hears every failure that was not foreseen, with its stack, for the log
 */
export function answerer(router: Router<AnyContractRouter, Record<never, never>>, report: (thrown: unknown) => void) {
  const outward = (thrown: unknown) => Promise.resolve(toWire(thrown, report));
  const handler = new RPCHandler(router, {
    clientInterceptors: [
      async ({ next }) => {
        try {
          return mapIterator(await next(), outward);
        } catch (thrown) {
          throw await outward(thrown);
        }
      },
    ],
  });
  return (port: Port): void => handler.upgrade(asChannel(port));
}

function toWire(thrown: unknown, report: (thrown: unknown) => void): Error {
  const failure = invalidCall(thrown) ?? toFailure(thrown);
  if (failure.code === 'internal') report(thrown);
  return new ORPCError(failure.code, { message: failure.message, data: failure.details });
}

/** A request that does not fit its schema: names the first field that is wrong. */
function invalidCall(thrown: unknown): Failure | null {
  if (!(thrown instanceof ORPCError) || thrown instanceof AppError) return null;
  if (thrown.code !== 'BAD_REQUEST') return null;
  const issues = (thrown.data as { issues?: { path?: unknown[]; message: string }[] } | undefined)?.issues;
  const issue = issues?.[0];
  const field = issue?.path
    ?.map((key) => String(typeof key === 'object' ? (key as { key: unknown }).key : key))
    .join('.');
  const message = issue ? `\`${field || 'request'}\`: ${issue.message}` : thrown.message;
  return {
    code: 'call/invalid',
    message,
    details: { field: field || 'request', problem: issue?.message ?? thrown.message },
  };
}
