import { protocol, type Session } from 'electron';
import { Readable } from 'node:stream';
import { pageFile, safeHeaders } from '#link/page-files.ts';
import { fetchPicture, plainReply, type Reply } from '#link/pictures.ts';

const scheme = 'heatlens';
export const pageOrigin = `${scheme}://app`;

interface Sources {
  /** The built page. */
  readonly folder: string;
  /** Where the engine answers pictures now. */
  readonly pictures: () => string | null;
}

/** Before Electron is ready. */
export function declareScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }]);
}

/** Answers the page's own scheme: its files, and the pictures of the engine. */
export function answerScheme(session: Session, sources: Sources): void {
  const { protocol } = session;
  // Absent before Electron 25.
  if (typeof (protocol as Partial<typeof protocol>).handle === 'function') {
    protocol.handle(scheme, async ({ url, method, headers }) => {
      const { status, headers: said, body } = await answer(url, method, headers.get('range') ?? undefined, sources);
      return new Response(Readable.toWeb(body) as ReadableStream, { status, headers: said });
    });
    return;
  }
  protocol.registerStreamProtocol(scheme, ({ url, method, headers }, reply) => {
    const range = Object.entries(headers).find(([name]) => name.toLowerCase() === 'range')?.[1];
    void answer(url, method, range, sources).then(({ status, headers: said, body }) => {
      reply({ statusCode: status, headers: said, data: body });
    });
  });
}

async function answer(url: string, method: string, range: string | undefined, sources: Sources): Promise<Reply> {
  const reply = await find(new URL(url), method, range, sources);
  return { ...reply, headers: { ...reply.headers, ...safeHeaders } };
}

function find(url: URL, method: string, range: string | undefined, { folder, pictures }: Sources): Promise<Reply> {
  if (url.host !== 'app') return Promise.resolve(plainReply(404, 'There is no such page.'));
  if (method !== 'GET' && method !== 'HEAD') return Promise.resolve(plainReply(405, 'Only reading is possible.'));
  const isPicture = url.pathname.startsWith('/pictures/');
  return isPicture ? fetchPicture(pictures(), url.pathname + url.search, range) : pageFile(folder, url.pathname);
}
