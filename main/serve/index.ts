import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { answerer } from '#contract/answers.ts';
import type { EngineBackendChoice } from '#contract/engine-status.ts';
import { AppError } from '#contract/failures.ts';
import type { Abilities } from '#contract/host.ts';
import { joinPorts } from '#contract/made-port.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { hostCalls } from '#link/host-calls.ts';
import { readJsonFile } from '#link/json-file.ts';
import { nodeLauncher } from '#link/node-process.ts';
import { PreferencesFile } from '#link/preferences-file.ts';
import { userDataFolder } from '#link/user-data.ts';
import { answerRequest, type Site } from './answer.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { openInBrowser } from './open-browser.ts';
import { answerSockets } from './sockets.ts';

export interface ServeOptions {
  /** Loopback unless told otherwise. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Absent = a new one. */
  readonly token?: string;
  /** Open it in this machine's browser. */
  readonly open: boolean;
  readonly project?: string;
  readonly backend?: EngineBackendChoice;
}

export interface Serving {
  /** Carries the token. */
  readonly url: string;
  readonly closed: Promise<void>;
  /** Ends engine, sockets and server. */
  close(): Promise<void>;
}

/** The folder of everything built, when this runs from there. */
const built = path.dirname(__dirname);

/** Serves the page and an engine to browsers. Fails: `call/invalid` when the address cannot be listened on. */
export async function startServe(options: ServeOptions, out = built): Promise<Serving> {
  const { host, token = randomBytes(24).toString('base64url'), project, backend } = options;
  const report = (text: string) => void process.stderr.write(`${text}\n`);
  const userData = userDataFolder();
  const preferences = new PreferencesFile(userData);
  const engine = new EngineProcess({
    launch: nodeLauncher(path.join(out, 'main', 'engine.cjs')),
    args: () => ({
      backend: backend ?? preferences.values.backend,
      queue: 'goes-on',
      ...(project !== undefined && { project: path.resolve(project) }),
    }),
    report,
  });
  const server = createServer();
  const site: Site = {
    doorkeeper: new Doorkeeper(token, host),
    port: () => (server.address() as AddressInfo | null)?.port ?? 0,
    page: path.join(out, 'renderer'),
    uploads: path.join(userData, 'uploads'),
    pictures: () => engine.pictures,
  };
  server.on('request', (request, response) => {
    // A page that goes away in the middle of an answer is ordinary.
    answerRequest(site, request, response).catch(() => response.destroy());
  });
  const calls = hostCalls({
    engine,
    preferences,
    abilities: abilitiesOf(out),
    pick: () => Promise.resolve([]),
    reveal: () => Promise.reject(new AppError('call/forbidden', 'A browser shows no files of the server.')),
    // A browser tells by itself, and has no task bar of ours.
    notify: () => undefined,
    working: () => undefined,
    onAction: () => () => undefined,
  });
  const answerHost = answerer(calls, (thrown) => report(String((thrown as Error | null)?.stack ?? thrown)));
  const endSockets = answerSockets(server, site, {
    host: answerHost,
    engine: (port) => joinPorts(port, engine.connect()),
  });
  await listen(server, options.port, host);
  engine.start();
  const closed = new Promise<void>((resolve) => server.on('close', resolve));
  const shown = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${shown}:${site.port()}/?token=${encodeURIComponent(token)}`;
  if (options.open) openInBrowser(url);
  const close = async () => {
    endSockets();
    server.close();
    server.closeAllConnections();
    await engine.close();
    await closed;
  };
  return { url, closed, close };
}

function abilitiesOf(out: string): Abilities {
  const manifest = readJsonFile(path.join(out, '..', 'package.json')) as { version?: string } | undefined;
  return {
    kind: 'browser',
    pick: false,
    paths: false,
    reveal: false,
    notify: false,
    platform: process.platform,
    version: manifest?.version ?? '',
    shell: `Node ${process.versions.node}`,
  };
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ message }) => {
      reject(new AppError('call/invalid', `\`port\`: ${message}.`, { field: 'port', problem: message }));
    });
    server.listen(port, host, resolve);
  });
}
