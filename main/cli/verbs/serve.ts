import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '#contract/failures.ts';
import { besideUs } from '../places.ts';
import { acts, integer, verb, type Verb } from '../options.ts';
import type { CommonOptions } from '../task.ts';

interface Options extends CommonOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly open?: boolean;
}

/** The browser host is another program; it is loaded by path, not imported (see the import table). */
interface ServeModule {
  startServe(options: {
    host: string;
    port: number;
    token?: string;
    open: boolean;
    project?: string;
    backend: CommonOptions['backend'];
  }): Promise<{ url: string; closed: Promise<void>; close(): Promise<void> }>;
}

export const serveVerb: Verb = (surroundings, ended) => {
  const command = verb('serve', 'Show the window in a browser; runs until Ctrl-C.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port; 0: any free one', integer(0, 65_535), 0)
    .option('--token <text>', 'secret that the address must carry (default: a new one)')
    .option('--open', 'open it in the browser');
  return acts<Options>(command, surroundings, ended, async (task, options) => {
    const { host, port, token, open = false, project, backend } = options;
    const chosen = { ...(token === undefined ? {} : { token }), ...(project === undefined ? {} : { project }) };
    const server = await load().startServe({ host, port, open, backend, ...chosen });
    task.atEnd(() => server.close());
    task.print({ value: { url: server.url }, text: () => server.url });
    const cancelled = new Promise<void>((resolve) => task.signal.addEventListener('abort', () => resolve()));
    await Promise.race([server.closed, cancelled]);
    task.signal.throwIfAborted();
    throw new AppError('engine/lost', 'The server has ended.', { reason: 'the server has ended' });
  });
};

function load(): ServeModule {
  const file = path.join(besideUs(), 'serve.cjs');
  if (!existsSync(file)) throw new AppError('file/missing', `There is no file ${file}; build first.`, { file });
  return createRequire(file)(file) as ServeModule;
}
