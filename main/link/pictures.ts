import { request, type IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';

/** What a host answers to a page, whatever carries it there. */
export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

const passed = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'cache-control'];

/** Milliseconds for the engine to begin its answer; in training it may be in the middle of a step. */
const patience = 60_000;

/**
 * Fetches a picture from the engine. Never fails: an engine that is gone is answered with 503.
 * @param address where the engine answers pictures; null while it does not
 * @param path with its query, e.g. `/pictures/sheet/0?…`
 */
export function fetchPicture(address: string | null, path: string, range?: string): Promise<Reply> {
  if (!address) return Promise.resolve(plainReply(503, 'The engine is not there.'));
  return new Promise((resolve) => {
    const headers = range ? { range } : {};
    // A connection of its own: one kept from before may be closed by a busy engine just as it is used again.
    const asked = request({ socketPath: address, path, headers, timeout: patience, agent: false }, (answer) => {
      resolve({ status: answer.statusCode ?? 502, headers: kept(answer.headers), body: answer });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => resolve(plainReply(503, 'The engine is gone.')));
    asked.end();
  });
}

export function plainReply(status: number, sentence: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: Readable.from([Buffer.from(sentence)]),
  };
}

function kept(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = passed.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
