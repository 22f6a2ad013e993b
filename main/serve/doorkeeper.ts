import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Why a request is refused: status and sentence. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly sentence: string;
}

/**
 * Lets in those who came once with the token; they get a cookie that no script reads and no other site sends.
 * Every request must name us as its host: a name that an attacker's DNS points at this machine is refused.
 */
export class Doorkeeper {
  readonly #token: string;
  readonly #session = randomBytes(32).toString('hex');
  readonly #names: ReadonlySet<string>;

  /** @param host the address that the server was told to listen on */
  constructor(token: string, host: string) {
    this.#token = token;
    this.#names = new Set(['localhost', hostname().toLowerCase(), host.toLowerCase()]);
  }

  /** The cookie for those whose token is right; null for others. */
  cookieFor(token: string, port: number): string | null {
    if (!same(token, this.#token)) return null;
    return `${cookieName(port)}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @param strict the request acts or opens a socket: a page must have sent it, and that page must be ours */
  refuse(request: IncomingMessage, port: number, strict: boolean): Refusal | null {
    return (
      this.refuseHost(request) ??
      this.#refuseOrigin(request, strict) ??
      (same(cookieOf(request, port), this.#session)
        ? null
        : { status: 401, sentence: 'Open the address with its token, as `heatlens serve` printed it.' })
    );
  }

  refuseHost(request: IncomingMessage): Refusal | null {
    const name = nameOf(request.headers.host);
    if (name !== null && (isIP(name) !== 0 || this.#names.has(name))) return null;
    return { status: 421, sentence: `This server does not answer for the host "${request.headers.host ?? ''}".` };
  }

  #refuseOrigin({ headers }: IncomingMessage, strict: boolean): Refusal | null {
    const foreign = { status: 403, sentence: 'Only the page of this server may ask for this.' } as const;
    const { origin, host } = headers;
    if (origin === undefined) return strict ? foreign : null;
    return origin === `http://${host}` || origin === `https://${host}` ? null : foreign;
  }
}

/** Without port and brackets, in lower case; null when it is no host. */
function nameOf(host: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '');
  return match ? (match[1] ?? match[2] ?? null) : null;
}

/** Cookies do not know ports: two servers on one machine must not take each other's. */
const cookieName = (port: number) => `heatlens-${port}`;

function cookieOf(request: IncomingMessage, port: number): string {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookieName(port))?.[1] ?? '';
}

/** In constant time, whatever the lengths. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
